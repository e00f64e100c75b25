//! Where a request comes from, as far as we may believe it.

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use crate::auth::{Core, RequestNumber};
use crate::kernel::ApiError;

/// The address at the other end, and the number of the request.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    pub source: IpAddr,
    pub request: u64,
}

impl FromRequest for Origin {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let core = request.app_data::<web::Data<Core>>();
        let proxy = core.and_then(|core| core.config.server.trusted_proxy);
        // A proxy may add a line of its own after those that came in, or its word to the last of them.
        let forwarded = request.headers().get_all("x-forwarded-for").last();
        let forwarded = forwarded.and_then(|value| value.to_str().ok());
        let number = request.extensions().get::<RequestNumber>().map_or(0, |number| number.0);
        ready(Ok(Self { source: source(peer, proxy, forwarded), request: number }))
    }
}

/// The last address in the header is the one our own proxy saw; all before it are hearsay.
fn source(peer: IpAddr, proxy: Option<IpAddr>, forwarded: Option<&str>) -> IpAddr {
    if proxy != Some(peer) {
        return peer;
    }
    let last = forwarded.and_then(|list| list.rsplit(',').next());
    last.and_then(|address| address.trim().parse().ok()).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_configured_proxy_is_believed_and_only_its_own_word() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let (proxy, stranger) = (ip("10.0.0.1"), ip("203.0.113.9"));
        let header = Some("1.2.3.4, 198.51.100.7");
        assert_eq!(source(stranger, Some(proxy), header), stranger);
        assert_eq!(source(proxy, Some(proxy), header), ip("198.51.100.7"));
        assert_eq!(source(proxy, Some(proxy), Some("nonsense")), proxy);
        assert_eq!(source(proxy, None, header), proxy);
    }
}
