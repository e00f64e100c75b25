//! The world's service on a socket, and a client that speaks to it as a program or a browser would.
#![expect(clippy::expect_used, reason = "a harness stops at the first surprise, and says which")]

use std::net::TcpListener;
use std::thread::JoinHandle;

use serde_json::Value;

use crate::world::World;

/// A served world. Stops when dropped.
pub struct Site {
    address: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What came back: enough to compare two answers byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Sorted, without the date and the request's own number.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

impl Answer {
    /// On every page, also on one that answers a form: whoever changes the language comes to an address that can be read.
    fn leads_back(&self) {
        let back = self.body.split_once("name=\"back\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
        let Some((back, _)) = back.filter(|_| matches!(self.status, 200 | 409 | 422)) else { return };
        let path = back.split(['?', '&']).next().unwrap_or_default();
        let leads = |route: &api::app::Route| {
            let fits = |(pattern, part): (&str, &str)| pattern.starts_with('{') || pattern == part;
            route.method == "GET"
                && route.path.split('/').count() == path.split('/').count()
                && route.path.split('/').zip(path.split('/')).all(fits)
        };
        assert!(api::app::routes().iter().any(leads), "the page's language form leads to {path}");
    }
}

impl Site {
    /// Serves `world` on a free port of this machine.
    pub fn open(world: &World) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let core = world.core.clone();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async move {
                let desk = api::matches::Desk::open(&core).await;
                let server = api::server::start(core, desk, listener).expect("the service is served");
                let handle = server.handle();
                let running = tokio::spawn(server);
                // The sender's drop is the signal too.
                let _ = stopped.await;
                handle.stop(false).await;
                running.await.expect("the server ends").expect("and ends well");
            });
        });
        Self { address, stop: Some(stop), thread: Some(thread) }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Sends one request: with a bearer token or without, with a JSON body or without.
    pub fn send(&self, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> Answer {
        let bytes = body.map(|b| b.to_string().into_bytes());
        let headers: Vec<(&str, &str)> =
            if body.is_some() { vec![("content-type", "application/json")] } else { Vec::new() };
        self.send_raw(method, path, token, &headers, bytes.as_deref())
    }

    /// Sends a form as a page would, in the name of whoever holds the token.
    pub fn send_form(&self, method: &str, path: &str, token: Option<&str>, typed: &str) -> Answer {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        self.send_raw(method, path, token, &kind, Some(typed.as_bytes()))
    }

    /// Sends any bytes with any headers.
    pub fn send_raw(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(std::time::Duration::from_secs(30)))
            .build()
            .into();
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(body.unwrap_or_default()).expect("a request");
        let mut answer = agent.run(request).expect("an answer");
        let own = ["date", "x-request-id"];
        let mut headers: Vec<(String, String)> = answer
            .headers()
            .iter()
            .filter(|(name, _)| !own.contains(&name.as_str()))
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        headers.sort();
        let answer = Answer {
            status: answer.status().as_u16(),
            headers,
            body: answer.body_mut().read_to_string().expect("a readable body"),
        };
        answer.leads_back();
        answer
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in the server thread has already failed the test that saw it.
            let _ = thread.join();
        }
    }
}
