//! A virtual host of its own for each test, looked into through the broker's management API.

use std::fmt::Display;
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};
use url::Url;

use crate::servers::{random_word, server};

/// How long the broker has for one request; making a virtual host takes it a while.
const PATIENCE: Duration = Duration::from_secs(30);

/// One message as the broker holds it.
#[derive(Debug, Clone)]
pub struct BrokerMessage {
    /// The AMQP properties, `headers` among them.
    pub properties: Value,
    /// The routing key it was published with.
    pub routing_key: String,
    /// The body in base64.
    pub payload_base64: String,
}

/// One test's own virtual host; deleted with the value.
pub struct TestBroker {
    vhost: String,
}

impl TestBroker {
    /// Makes a virtual host and lets `declare` fill it; it is given the host's AMQP URL.
    ///
    /// # Panics
    /// When `TEST_AMQP_URL` or `TEST_AMQP_MANAGEMENT_URL` is not set, the broker does not answer,
    /// or `declare` fails.
    pub async fn create<E: Display>(
        declare: impl AsyncFnOnce(&str) -> Result<(), E>,
    ) -> TestBroker {
        let broker = TestBroker { vhost: format!("kvt-{}", random_word()) };
        broker.call(Method::PUT, &format!("vhosts/{}", broker.vhost), Some(json!({}))).await;
        let user = management().username().to_owned();
        let all = json!({ "configure": ".*", "write": ".*", "read": ".*" });
        broker.call(Method::PUT, &format!("permissions/{}/{user}", broker.vhost), Some(all)).await;
        if let Err(error) = declare(&broker.url()).await {
            panic!("the topology could not be declared: {error}");
        }
        broker
    }

    /// The host's AMQP URL, of a user who may do anything there.
    ///
    /// # Panics
    /// When `TEST_AMQP_URL` is not a URL.
    pub fn url(&self) -> String {
        let mut url = Url::parse(&server("TEST_AMQP_URL")).expect("TEST_AMQP_URL is a URL");
        url.set_path(&self.vhost);
        url.to_string()
    }

    /// The AMQP URL of a new user with these rights, three regular expressions over names.
    ///
    /// # Panics
    /// When the user cannot be made.
    pub async fn url_of_user(&self, configure: &str, write: &str, read: &str) -> String {
        // Named after the host, so that dropping the host can drop the user.
        let (user, password) = (self.vhost.clone(), random_word());
        let about = json!({ "password": password, "tags": "" });
        self.call(Method::PUT, &format!("users/{user}"), Some(about)).await;
        let rights = json!({ "configure": configure, "write": write, "read": read });
        self.call(Method::PUT, &format!("permissions/{}/{user}", self.vhost), Some(rights)).await;
        let mut url = Url::parse(&self.url()).expect("our own URL is one");
        url.set_username(&user).expect("an AMQP URL has a user");
        url.set_password(Some(&password)).expect("an AMQP URL has a password");
        url.to_string()
    }

    /// Everything declared in the host: exchanges, queues, bindings.
    ///
    /// # Panics
    /// When the broker does not answer.
    pub async fn definitions(&self) -> Value {
        self.call(Method::GET, &format!("definitions/{}", self.vhost), None).await
    }

    /// The messages ready in `queue`, the oldest first, 1,000 at most; they stay there.
    ///
    /// # Panics
    /// When the queue does not exist.
    pub async fn peek(&self, queue: &str) -> Vec<BrokerMessage> {
        self.get(queue, "ack_requeue_true").await
    }

    /// Takes the messages ready in `queue` out of it.
    ///
    /// # Panics
    /// When the queue does not exist.
    pub async fn take(&self, queue: &str) -> Vec<BrokerMessage> {
        self.get(queue, "ack_requeue_false").await
    }

    /// How many messages are ready in `queue`.
    ///
    /// # Panics
    /// When the queue does not exist.
    pub async fn count(&self, queue: &str) -> usize {
        self.peek(queue).await.len()
    }

    /// Publishes `payload_base64` with these AMQP properties; answers whether a queue took it.
    ///
    /// # Panics
    /// When the exchange does not exist.
    pub async fn publish(
        &self,
        exchange: &str,
        routing_key: &str,
        properties: &Value,
        payload_base64: &str,
    ) -> bool {
        let exchange = if exchange.is_empty() { "amq.default" } else { exchange };
        let message = json!({
            "routing_key": routing_key,
            "properties": properties,
            "payload": payload_base64,
            "payload_encoding": "base64",
        });
        let path = format!("exchanges/{}/{exchange}/publish", self.vhost);
        let answer = self.call(Method::POST, &path, Some(message)).await;
        answer.get("routed") == Some(&Value::Bool(true))
    }

    /// Publishes a message again as it was; answers whether a queue took it.
    ///
    /// # Panics
    /// When the exchange does not exist.
    pub async fn publish_again(&self, exchange: &str, message: &BrokerMessage) -> bool {
        let BrokerMessage { properties, routing_key, payload_base64 } = message;
        self.publish(exchange, routing_key, properties, payload_base64).await
    }

    /// Deletes `queue` with what is in it.
    ///
    /// # Panics
    /// When it does not exist.
    pub async fn delete_queue(&self, queue: &str) {
        self.call(Method::DELETE, &format!("queues/{}/{queue}", self.vhost), None).await;
    }

    /// Deletes `exchange`.
    ///
    /// # Panics
    /// When it does not exist.
    pub async fn delete_exchange(&self, exchange: &str) {
        self.call(Method::DELETE, &format!("exchanges/{}/{exchange}", self.vhost), None).await;
    }

    /// Closes every connection to the host, as an operator would; answers how many. The
    /// management API learns of a new connection some seconds late: a `TestProxy` cuts at once.
    ///
    /// # Panics
    /// When the broker does not answer.
    pub async fn close_connections(&self) -> usize {
        let path = format!("vhosts/{}/connections", self.vhost);
        let open = self.call(Method::GET, &path, None).await;
        let names =
            open.as_array().into_iter().flatten().filter_map(|one| one.get("name")?.as_str());
        let mut closed = 0;
        for name in names {
            let mut url = api("connections");
            url.path_segments_mut().expect("an HTTP URL has a path").push(name);
            let answer = client().delete(url).send().await.expect("the broker answers");
            closed += usize::from(answer.status().is_success());
        }
        closed
    }

    async fn get(&self, queue: &str, ack_mode: &str) -> Vec<BrokerMessage> {
        let wish = json!({ "count": 1000, "ackmode": ack_mode, "encoding": "base64" });
        let path = format!("queues/{}/{queue}/get", self.vhost);
        let messages = self.call(Method::POST, &path, Some(wish)).await;
        let text = |message: &Value, name: &str| {
            message.get(name).and_then(Value::as_str).unwrap_or("").to_owned()
        };
        let messages = messages.as_array().cloned().unwrap_or_default().into_iter();
        messages
            .map(|message| BrokerMessage {
                routing_key: text(&message, "routing_key"),
                payload_base64: text(&message, "payload"),
                properties: message.get("properties").cloned().unwrap_or_default(),
            })
            .collect()
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let mut request = client().request(method, api(path));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("the broker's management API answers");
        let status = answer.status();
        let text = answer.text().await.unwrap_or_default();
        assert!(status.is_success(), "{path} in {}: {status} {text}", self.vhost);
        serde_json::from_str(&text).unwrap_or_default()
    }
}

impl Drop for TestBroker {
    fn drop(&mut self) {
        let vhost = self.vhost.clone();
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                for path in [format!("vhosts/{vhost}"), format!("users/{vhost}")] {
                    let _gone = client().delete(api(&path)).send().await;
                }
            });
        });
        // A host that stays costs the next test nothing; it must not fail this one.
        let _joined = dropping.join();
    }
}

fn management() -> Url {
    let url = server("TEST_AMQP_MANAGEMENT_URL");
    Url::parse(&url).expect("TEST_AMQP_MANAGEMENT_URL is a URL")
}

fn api(path: &str) -> Url {
    management().join(&format!("/api/{path}")).expect("an API path is a path")
}

fn client() -> Client {
    Client::builder().timeout(PATIENCE).build().expect("an HTTP client can be made")
}
