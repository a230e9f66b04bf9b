//! A TCP proxy in front of a test server, to cut, refuse and freeze connections of one test
//! without touching the server the other tests use.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::Url;

/// What the proxy does with its connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct State {
    /// Connections that began under another number end.
    generation: u64,
    /// New connections end at once: a server that is down.
    down: bool,
    /// Connections stand and no byte passes: a server that hangs.
    frozen: bool,
}

/// A proxy to one server; it ends with the test.
pub struct TestProxy {
    address: SocketAddr,
    state: Arc<watch::Sender<State>>,
    accepting: tokio::task::JoinHandle<()>,
}

impl TestProxy {
    /// Stands in front of the server that `url` names.
    ///
    /// # Panics
    /// When `url` has no host and port, or no port is free.
    pub async fn before(url: &str) -> TestProxy {
        let target = Url::parse(url).expect("the server's address is a URL");
        let host = target.host_str().expect("the server's address has a host");
        let port = target.port().expect("the server's address has a port");
        let target = format!("{host}:{port}");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("a bound listener has an address");
        let state = Arc::new(watch::Sender::new(State::default()));
        let accepting = tokio::spawn(accept(listener, target, state.clone()));
        TestProxy { address, state, accepting }
    }

    /// `url` led through this proxy.
    ///
    /// # Panics
    /// When `url` is none.
    pub fn url(&self, url: &str) -> String {
        let mut url = Url::parse(url).expect("the server's address is a URL");
        url.set_host(Some("127.0.0.1")).expect("an IP address is a host");
        url.set_port(Some(self.address.port())).expect("an address with a host may have a port");
        url.to_string()
    }

    /// Ends every connection and refuses new ones until [`TestProxy::mend`].
    pub fn cut(&self) {
        self.state.send_modify(|state| {
            state.generation += 1;
            state.down = true;
        });
    }

    /// Ends every connection; new ones work.
    pub fn drop_connections(&self) {
        self.state.send_modify(|state| state.generation += 1);
    }

    /// Lets connections stand and no byte pass until [`TestProxy::mend`].
    pub fn freeze(&self) {
        self.state.send_modify(|state| state.frozen = true);
    }

    /// Lets everything pass again.
    pub fn mend(&self) {
        self.state.send_modify(|state| {
            state.down = false;
            state.frozen = false;
        });
    }
}

impl Drop for TestProxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn accept(listener: TcpListener, target: String, state: Arc<watch::Sender<State>>) {
    while let Ok((client, _)) = listener.accept().await {
        let watched = state.subscribe();
        let began = *watched.borrow();
        if began.down {
            continue;
        }
        let target = target.clone();
        tokio::spawn(async move {
            let Ok(server) = TcpStream::connect(target).await else { return };
            let ((client_in, client_out), (server_in, server_out)) =
                (client.into_split(), server.into_split());
            let watched = Watched { began: began.generation, state: watched };
            tokio::select! {
                () = watched.clone().ended() => {}
                () = pass(client_in, server_out, watched.clone()) => {}
                () = pass(server_in, client_out, watched) => {}
            }
        });
    }
}

/// The proxy's state as one connection sees it.
#[derive(Clone)]
struct Watched {
    began: u64,
    state: watch::Receiver<State>,
}

impl Watched {
    async fn ended(mut self) {
        let _gone = self.state.wait_for(|state| state.generation != self.began).await;
    }

    /// Waits while frozen; answers whether this connection still stands then.
    async fn may_pass(&mut self) -> bool {
        let state = self.state.wait_for(|state| !state.frozen).await;
        state.is_ok_and(|state| state.generation == self.began)
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut watched: Watched) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let (bytes, _) = buffer.split_at(length);
        if !watched.may_pass().await || to.write_all(bytes).await.is_err() {
            return;
        }
    }
}
