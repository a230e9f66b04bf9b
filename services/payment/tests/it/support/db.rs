//! Looking into the service's tables, and the door through which the sandbox's callbacks come.

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncConnection as _, RunQueryDsl as _, SimpleAsyncConnection as _};
use konveksi_db::Connection;
use konveksi_identity::HEADER;

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

/// A session on the test's database.
pub(crate) struct Db(Connection);

impl Db {
    pub(crate) async fn connect(url: &str) -> Db {
        Db(Connection::establish(url).await.unwrap())
    }

    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.0
    }

    /// The one whole number a query answers.
    pub(crate) async fn number(&mut self, query: &str) -> i64 {
        let query = format!("SELECT ({query})::bigint AS number");
        diesel::sql_query(query).get_result::<Number>(&mut self.0).await.unwrap().number
    }

    /// The texts a query of one column answers; rows are sorted.
    pub(crate) async fn texts(&mut self, query: &str) -> Vec<String> {
        let query = format!(
            "SELECT coalesce(one::text, '-') AS text FROM ({query}) AS rows (one) ORDER BY 1"
        );
        let lines: Vec<Line> = diesel::sql_query(query).load(&mut self.0).await.unwrap();
        lines.into_iter().map(|line| line.text).collect()
    }

    /// The one text a query answers.
    pub(crate) async fn text(&mut self, query: &str) -> String {
        let mut texts = self.texts(query).await;
        assert_eq!(texts.len(), 1, "{query}: {texts:?}");
        texts.pop().unwrap()
    }

    /// Runs statements; the error is the server's words.
    pub(crate) async fn run(&mut self, statements: &str) -> Result<(), String> {
        self.0.batch_execute(statements).await.map_err(|error| error.to_string())
    }

    /// Balances of the ledger, `code kind: amount`, zero ones left out; owners' ids cut off.
    pub(crate) async fn balances(&mut self) -> Vec<String> {
        self.texts(
            "SELECT split_part(code, ':', 1) || ': ' || (side * sum(amount))::bigint
             FROM account JOIN entry ON entry.account_id = account.id
             GROUP BY account.id HAVING sum(amount) <> 0",
        )
        .await
    }
}

/// A server that hands callbacks on with the gateway's statement; answers its URL.
pub(crate) fn door(target: String, identity: String) -> String {
    let client = reqwest::Client::new();
    let server = HttpServer::new(move || {
        let (client, target, identity) = (client.clone(), target.clone(), identity.clone());
        App::new().default_service(web::to(move |request: HttpRequest, body: web::Bytes| {
            let token = request
                .headers()
                .get("x-callback-token")
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned();
            let call = client
                .post(&target)
                .header(HEADER, &identity)
                .header("content-type", "application/json")
                .header("x-callback-token", token)
                .body(body.to_vec());
            async move {
                let status = call.send().await.map_or(503, |answer| answer.status().as_u16());
                HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap()).finish()
            }
        }))
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))
    .unwrap();
    let addr = server.addrs()[0];
    tokio::spawn(server.run());
    format!("http://{addr}/")
}
