//! A real Chromium, driven the way a person uses it: fields by their visible label, buttons by their words.
//!
//! Each [`Browser`] is a fresh profile with its own ChromeDriver; both go with it (see [`crate::warden`]). With the
//! variable `RELINK_SCREENSHOTS` naming a folder, [`Browser::screenshot`] leaves pictures there for people to look at.

use std::path::PathBuf;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::warden::Warden;

/// The variable that names the folder for pictures.
pub const SCREENSHOTS_VARIABLE: &str = "RELINK_SCREENSHOTS";

/// How long a page may take before a look-up on it fails.
const PATIENCE: Duration = Duration::from_secs(5);

/// What ChromeDriver says before it gives up on a port.
const PORT_TAKEN: &str = "Address already in use";

/// What a story fails with: a sentence about what was looked for.
pub type Outcome<T> = Result<T, String>;

/// The window of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// 360 × 740, touch.
    Phone,
    /// 1280 × 900.
    Desktop,
}

/// One person's browser.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    driver: String,
    session: String,
    screen: Screen,
    _warden: Warden,
}

/// Starts a ChromeDriver on a port of its own choice, beside a folder for a profile. It asks the system for a free port
/// of one address family and takes the same number of the other, where somebody else may have it: then it starts anew.
fn driver() -> Outcome<(Warden, u16, PathBuf)> {
    let start = || -> Outcome<(Warden, u16, PathBuf)> {
        let folder = tempfile::Builder::new().prefix("relink-browser-").tempdir();
        let folder = folder.map_err(|error| format!("cannot make a folder: {error}"))?;
        let profile = folder.path().join("profile");
        let warden = Warden::start("chromedriver".as_ref(), &["--port=0"], &folder.keep(), "TERM", None)?;
        let port = warden
            .wait(&["not found", "Unable to", "ERROR", PORT_TAKEN], |log| {
                let (_, port) = log.split_once("was started successfully on port ")?;
                port.split_once('.')?.0.parse().ok()
            })
            .map_err(|problem| format!("ChromeDriver (Debian: chromium-driver): {problem}"))?;
        Ok((warden, port, profile))
    };
    let mut started = start();
    for _ in 0..4 {
        match &started {
            Err(problem) if problem.contains(PORT_TAKEN) => started = start(),
            _ => break,
        }
    }
    started
}

impl Browser {
    /// Opens a desktop browser with an empty profile.
    ///
    /// # Errors
    /// What is missing: ChromeDriver, Chromium, or an answer from them.
    pub async fn start() -> Outcome<Self> {
        let (warden, port, profile) = driver()?;
        let flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=en",
        ];
        let mut args: Vec<String> = flags.map(str::to_owned).to_vec();
        args.push(format!("--user-data-dir={}", profile.display()));
        let wanted = json!({ "acceptInsecureCerts": true, "goog:chromeOptions": { "args": args } });
        let driver = format!("http://127.0.0.1:{port}");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted.as_object().cloned().unwrap_or_default())
            .connect(&driver)
            .await
            .map_err(|error| format!("Chromium (Debian: chromium) does not start: {error}"))?;
        let session = client.session_id().await.map_err(say)?.unwrap_or_default();
        let browser = Self { client, driver, session, screen: Screen::Desktop, _warden: warden };
        browser.show_as(Screen::Desktop).await?;
        Ok(browser)
    }

    /// Changes the window, as if the page were opened on another device.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn resize(&mut self, screen: Screen) -> Outcome<()> {
        self.show_as(screen).await?;
        self.screen = screen;
        Ok(())
    }

    async fn show_as(&self, screen: Screen) -> Outcome<()> {
        let (width, height, mobile) = match screen {
            Screen::Phone => (360, 740, true),
            Screen::Desktop => (1280, 900, false),
        };
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
        self.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": mobile })).await.map(drop)
    }

    /// Switches the pages' own script off (or on again), as some people's browsers have it.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn without_script(&self, off: bool) -> Outcome<()> {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": off })).await.map(drop)
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When nothing answers there.
    pub async fn goto(&self, url: &str) -> Outcome<()> {
        self.client.goto(url).await.map_err(|error| format!("{url} does not open: {error}"))
    }

    /// Where the browser is now.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn url(&self) -> Outcome<String> {
        self.client.current_url().await.map(String::from).map_err(say)
    }

    /// The page's title.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn title(&self) -> Outcome<String> {
        self.client.title().await.map_err(say)
    }

    /// The text a person can see on the page.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn text(&self) -> Outcome<String> {
        self.one("the page's body", &[".//body".to_owned()]).await?.text().await.map_err(say)
    }

    /// Waits until the page shows `words`.
    ///
    /// # Errors
    /// With the text that was there instead.
    pub async fn sees(&self, words: &str) -> Outcome<()> {
        let start = std::time::Instant::now();
        loop {
            // A page that is just being left cannot be read; the next one can.
            let text = self.text().await;
            if text.as_ref().is_ok_and(|text| text.contains(words)) {
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                let text = text?;
                return Err(format!("the page does not say \"{words}\"; it says:\n{text}"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Fills in the field with this label: types a text, picks an option by its words, ticks (`yes`) or clears
    /// (`no`) a box, chooses a radio button (any value), sets a date (`2026-11-22`).
    ///
    /// # Errors
    /// When no visible field, or more than one, has this label, or it does not take the value.
    pub async fn fill(&self, label: &str, value: &str) -> Outcome<()> {
        let field = self.field(label).await?;
        let refuse = |error: CmdError| format!("the field \"{label}\" does not take \"{value}\": {error}");
        let tag = field.tag_name().await.map_err(say)?;
        let kind = field.prop("type").await.map_err(say)?.unwrap_or_default();
        match (tag.as_str(), kind.as_str()) {
            ("select", _) => field.select_by_label(value).await.map_err(refuse),
            (_, "checkbox") => {
                let wanted = match value {
                    "yes" => true,
                    "no" => false,
                    _ => return Err(format!("\"{label}\" is a box: yes or no, not \"{value}\"")),
                };
                let ticked = field.is_selected().await.map_err(say)?;
                if ticked == wanted { Ok(()) } else { field.click().await.map_err(refuse) }
            }
            (_, "radio") => field.click().await.map_err(refuse),
            (_, "date" | "time" | "datetime-local" | "month" | "week") => {
                // What keys a date field takes depends on the browser's language; its value does not.
                let set = "arguments[0].value = arguments[1];
                    for (const kind of ['input', 'change']) arguments[0].dispatchEvent(new Event(kind, { bubbles: true }));
                    return arguments[0].value === arguments[1];";
                let field = serde_json::to_value(&field).map_err(|error| error.to_string())?;
                let taken = self.client.execute(set, vec![field, json!(value)]).await.map_err(refuse)?;
                if taken == json!(true) {
                    Ok(())
                } else {
                    Err(format!("\"{label}\" does not take \"{value}\""))
                }
            }
            (_, "file") => field.send_keys(value).await.map_err(refuse),
            _ => {
                field.clear().await.map_err(refuse)?;
                field.send_keys(value).await.map_err(refuse)
            }
        }
    }

    /// What stands in the field with this label.
    ///
    /// # Errors
    /// When no visible field, or more than one, has this label.
    pub async fn value(&self, label: &str) -> Outcome<String> {
        Ok(self.field(label).await?.prop("value").await.map_err(say)?.unwrap_or_default())
    }

    /// Presses the button, or follows the link, with these words.
    ///
    /// # Errors
    /// When no visible one, or more than one, has these words.
    pub async fn press(&self, words: &str) -> Outcome<()> {
        let text = quoted(words);
        let paths = |test: &str| {
            format!(
                "//button[{test}] | //a[@href][{test}] | //summary[{test}] \
                 | //*[@role='button'][{test}] | //input[@type='submit' or @type='button'][@value={text}]"
            )
        };
        let exact = format!("normalize-space(.)={text} or @aria-label={text}");
        let begins = format!("starts-with(normalize-space(.), {text})");
        let button =
            self.one(&format!("a button or link \"{words}\""), &[paths(&exact), paths(&begins)]).await?;
        button.click().await.map_err(|error| format!("\"{words}\" cannot be pressed: {error}"))
    }

    /// Presses a key on whatever has the focus; for walking a page by keyboard. See `fantoccini::key` for names.
    ///
    /// # Errors
    /// When nothing has the focus.
    pub async fn key(&self, key: fantoccini::key::Key) -> Outcome<()> {
        let focused = self.client.active_element().await.map_err(say)?;
        focused.send_keys(&char::from(key).to_string()).await.map_err(say)
    }

    /// Runs a script in the page with arguments and hands back its value, such as an accessibility checker's report.
    ///
    /// # Errors
    /// When the script fails.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        self.client.execute(script, arguments).await.map_err(say)
    }

    /// Leaves a picture of the whole page as `NAME.png` in the folder of [`SCREENSHOTS_VARIABLE`]; nothing without it.
    ///
    /// # Errors
    /// When the picture cannot be taken or written.
    pub async fn screenshot(&self, name: &str) -> Outcome<Option<PathBuf>> {
        let Some(folder) = std::env::var_os(SCREENSHOTS_VARIABLE).map(PathBuf::from) else { return Ok(None) };
        let path = folder.join(format!("{name}.png"));
        let write = |picture: Vec<u8>| {
            std::fs::create_dir_all(&folder)?;
            std::fs::write(&path, picture)
        };
        write(self.picture().await?).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        Ok(Some(path))
    }

    /// The whole page as PNG, as long as it is.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn picture(&self) -> Outcome<Vec<u8>> {
        let height = self.run("return document.documentElement.scrollHeight", Vec::new()).await?;
        let (width, mobile) = if self.screen == Screen::Phone { (360, true) } else { (1280, false) };
        let height = height.as_u64().unwrap_or(900).clamp(740, 8_000);
        let tall = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.devtools("Emulation.setDeviceMetricsOverride", tall).await?;
        let picture = self.client.screenshot().await.map_err(say);
        self.show_as(self.screen).await?;
        picture
    }

    /// The visible form field a label belongs to, as a person would find it: by the label's words, or by what a
    /// screen reader says.
    async fn field(&self, label: &str) -> Outcome<Element> {
        let text = quoted(label);
        let paths = |label_test: &str| {
            format!(
                "//*[self::input or self::select or self::textarea][@id=//label[{label_test}]/@for] \
                 | //label[{label_test}]//*[self::input or self::select or self::textarea]"
            )
        };
        let spoken = format!("//*[self::input or self::select or self::textarea][@aria-label={text}]");
        let exact = format!("{} | {spoken}", paths(&format!("normalize-space(.)={text}")));
        let begins = paths(&format!("starts-with(normalize-space(.), {text})"));
        self.one(&format!("a field labelled \"{label}\""), &[exact, begins]).await
    }

    /// The only visible element the first fruitful path leads to.
    async fn one(&self, what: &str, paths: &[String]) -> Outcome<Element> {
        let start = std::time::Instant::now();
        loop {
            for path in paths {
                let mut visible = Vec::new();
                for element in self.client.find_all(Locator::XPath(path)).await.map_err(say)? {
                    if element.is_displayed().await.unwrap_or(false) {
                        visible.push(element);
                    }
                }
                match (visible.len(), visible.pop()) {
                    (1, Some(element)) => return Ok(element),
                    (0, _) => {}
                    (count, _) => return Err(format!("the page has {count} times {what}")),
                }
            }
            if start.elapsed() > PATIENCE {
                let text = self.client.source().await.unwrap_or_default();
                return Err(format!("the page has no {what}; its source:\n{text}"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A command of Chromium's own that WebDriver has no word for.
    async fn devtools(&self, command: &str, parameters: Value) -> Outcome<Value> {
        let url = format!("{}/session/{}/goog/cdp/execute", self.driver, self.session);
        let body = json!({ "cmd": command, "params": parameters }).to_string();
        let sent = tokio::task::spawn_blocking(move || {
            let answer = ureq::post(&url).header("content-type", "application/json").send(body);
            answer.and_then(|mut answer| answer.body_mut().read_json::<Value>())
        });
        let answer = sent.await.map_err(|error| error.to_string())?;
        answer.map_err(|error| format!("{command}: {error}"))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "fits map_err")]
fn say(error: CmdError) -> String {
    format!("the browser answers: {error}")
}

/// A text as an XPath literal, whatever quotes it holds.
fn quoted(text: &str) -> String {
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    let parts: Vec<String> = text.split('\'').map(|part| format!("'{part}'")).collect();
    format!("concat({})", parts.join(", \"'\", "))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    use super::*;

    const PAGE: &str = r#"<!doctype html><html lang="en"><title>Intake</title><meta name="viewport" content="width=device-width">
        <form><label for="n">Given names</label> <input id="n" name="name">
        <label>Mother's name <input name="mother"></label>
        <label for="s">Sex</label> <select id="s" name="sex"><option>unknown<option>female</select>
        <label><input type="checkbox" name="agrees"> Agrees to tracing</label>
        <label for="b">Born</label> <input id="b" type="date" name="born">
        <label hidden>Secret <input name="secret"></label>
        <label>Twice <input name="a"></label> <label>Twice <input name="b"></label>
        <button>Save contact</button></form><p id="later"></p>
        <script>document.getElementById("later").textContent = "script runs"</script>"#;

    /// Serves the page, and the query it was sent as text, on a port of its own.
    fn serve() -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut line = String::new();
                let mut reader = BufReader::new(stream);
                reader.read_line(&mut line).expect("a request");
                let query =
                    line.split(' ').nth(1).and_then(|path| path.split_once('?')).map(|(_, query)| query);
                let body =
                    query.map_or_else(|| PAGE.to_owned(), |query| format!("<!doctype html><p>saved {query}"));
                let head =
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length:";
                let _ = write!(reader.get_mut(), "{head} {}\r\n\r\n{body}", body.len());
            }
        });
        format!("http://{address}/")
    }

    #[tokio::test]
    #[ignore = "needs Chromium and ChromeDriver"]
    async fn a_person_fills_in_a_page_by_its_labels() {
        let mut browser = Browser::start().await.expect("a browser");
        browser.goto(&serve()).await.expect("opens");
        assert_eq!(browser.title().await.as_deref(), Ok("Intake"));
        browser.sees("script runs").await.expect("with script");
        browser.fill("Given names", "Amina").await.expect("a text field");
        browser.fill("Mother's name", "Halima").await.expect("a label around its field");
        browser.fill("Sex", "female").await.expect("a choice");
        browser.fill("Agrees to tracing", "yes").await.expect("a box");
        browser.fill("Born", "1999-01-31").await.expect("a date");
        assert_eq!(browser.value("Given names").await.as_deref(), Ok("Amina"));
        let twice = browser.fill("Twice", "x").await.expect_err("ambiguous");
        assert!(twice.contains("2 times"), "{twice}");
        let hidden = browser.fill("Secret", "x").await.expect_err("nobody sees it");
        assert!(hidden.contains("no a field labelled") || hidden.contains("has no"), "{hidden}");
        browser.press("Save contact").await.expect("a button");
        browser.sees("name=Amina&mother=Halima&sex=female&agrees=on&born=1999-01-31").await.expect("sent");

        browser.resize(Screen::Phone).await.expect("resized");
        browser.without_script(true).await.expect("script off");
        browser.goto(&serve()).await.expect("opens");
        assert_eq!(browser.run("return window.innerWidth", Vec::new()).await, Ok(json!(360)));
        assert!(!browser.text().await.expect("text").contains("script runs"));
        let picture = browser.picture().await.expect("a picture");
        assert!(picture.starts_with(b"\x89PNG"), "not a PNG");
    }

    #[test]
    fn labels_with_quotes_are_found() {
        assert_eq!(quoted("Born"), "'Born'");
        assert_eq!(quoted("Mother's name"), "concat('Mother', \"'\", 's name')");
    }
}
