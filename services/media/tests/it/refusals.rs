//! What is not taken, and that nothing of it stays.

use konveksi_contracts::v1::MediaRejected;
use konveksi_identity::{HEADER, Role};
use konveksi_kernel::{OrderId, SystemClock};
use konveksi_test_support::eventually;
use reqwest::multipart::Form;
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::support::samples::{PDF, PNG, infected_pdf};
use crate::support::{DRAFTS, PATIENCE, UPLOAD, World, file};

/// No row and no byte was kept.
async fn assert_nothing_kept(world: &World) {
    assert_eq!((world.rows().await, world.files_on_disk()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_infected_file_is_refused_and_told_with_its_order() {
    let world = World::start().await;
    let order = OrderId::generate(&SystemClock);
    let (status, body) = world.upload(order, "logo.pdf", &infected_pdf()).await;
    assert_eq!((status, body["error_code"].as_str()), (400, Some("FILE_INFECTED")), "{body}");
    let told = world.told::<MediaRejected>(1).await;
    assert_eq!(told[0].order_id, order.to_string());
    let (status, _) = world.draft("logo.pdf", &infected_pdf()).await;
    assert_eq!(status, 400);
    assert_eq!(world.told_in_all().await, 1, "of a draft nobody is told");
    assert_nothing_kept(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fake_and_unlisted_files_are_refused() {
    let world = World::start().await;
    let order = OrderId::generate(&SystemClock);
    let svg: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let html: &[u8] = b"<!DOCTYPE html><script>alert(1)</script>%PDF-1.4";
    let zip: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0";
    let postscript: &[u8] = b"%!PS-Adobe-3.0\n(%stdin) (r) file";
    for (name, content, wanted, code) in [
        ("logo.svg", svg, 415, "FILE_TYPE_NOT_ACCEPTED"),
        ("page.html", html, 415, "FILE_TYPE_NOT_ACCEPTED"),
        ("a.zip", zip, 415, "FILE_TYPE_NOT_ACCEPTED"),
        ("a.eps", postscript, 415, "FILE_TYPE_NOT_ACCEPTED"),
        ("logo.png.exe", PNG, 415, "FILE_TYPE_NOT_ACCEPTED"),
        ("noending", PNG, 415, "FILE_TYPE_NOT_ACCEPTED"),
        ("logo.png", svg, 400, "FILE_NOT_WHAT_IT_SAYS"),
        ("logo.pdf", html, 400, "FILE_NOT_WHAT_IT_SAYS"),
        ("logo.jpg", zip, 400, "FILE_NOT_WHAT_IT_SAYS"),
        ("logo.jpg", PNG, 400, "FILE_NOT_WHAT_IT_SAYS"),
        ("logo.ai", postscript, 400, "FILE_NOT_WHAT_IT_SAYS"),
        ("logo.png", &PNG[..20], 400, "FILE_DAMAGED"),
        ("logo.png", b"", 400, "FILE_EMPTY"),
    ] {
        let (status, body) = world.upload(order, name, content).await;
        let got = (status, body["error_code"].as_str());
        assert_eq!(got, (wanted, Some(code)), "{name}: {body}");
        assert!(body["error"].is_string() && body["detail"].is_string(), "{body}");
    }
    assert_nothing_kept(&world).await;
    assert_eq!(world.told_in_all().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_that_lack_something_name_it() {
    let world = World::start().await;
    let design = || file("logo.png", PNG);
    let id = || OrderId::generate(&SystemClock).to_string();
    let forms: Vec<(Form, &[&str])> = vec![
        (Form::new().part("design", design()), &["order_id"]),
        (Form::new().text("order_id", id()), &["design"]),
        (Form::new().text("description", "x"), &["design", "order_id"]),
        (Form::new().part("design", design()).text("order_id", "1; DROP TABLE"), &["order_id"]),
        (Form::new().part("design", file("", b"")).text("order_id", id()), &["design"]),
        (Form::new().part("design", file("..", PNG)).text("order_id", id()), &["design"]),
        (
            Form::new()
                .part("design", design())
                .text("order_id", id())
                .text("description", "a".repeat(1_001)),
            &["description"],
        ),
        (
            Form::new()
                .part("design", design())
                .text("order_id", id())
                .text("description", "nol \0 di sini"),
            &["description"],
        ),
        (
            Form::new().part("design", design()).part("design", design()).text("order_id", id()),
            &["design"],
        ),
    ];
    for (form, fields) in forms {
        let (status, body) = world.post(UPLOAD, form).await;
        assert_eq!(status, 400, "{fields:?}: {body}");
        let named: Vec<_> = body["details"].as_object().unwrap().keys().collect();
        assert_eq!(named, fields, "{body}");
    }
    assert_nothing_kept(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_form_are_refused() {
    let world = World::start().await;
    let cut_off =
        "--x\r\nContent-Disposition: form-data; name=\"design\"; filename=\"a.png\"\r\n\r\nabc";
    for (content_type, body, wanted) in [
        ("application/json", "{}", 415),
        ("text/plain", "hello", 415),
        ("multipart/form-data", "no boundary", 400),
        ("multipart/form-data; boundary=x", cut_off, 400),
        ("multipart/form-data; boundary=x", "rubbish", 400),
    ] {
        let request = world.client.post(format!("{}{UPLOAD}", world.base));
        let request = world.anonymous(request).header("content-type", content_type).body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), wanted, "{content_type} {body}");
        let body: Value = answer.json().await.unwrap();
        assert!(body["error"].is_string(), "{body}");
    }
    assert_nothing_kept(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_too_many_is_too_many() {
    let world = World::start().await;
    let of_size = |bytes: usize| [PDF, &vec![b' '; bytes - PDF.len()]].concat();
    let order = OrderId::generate(&SystemClock);
    for (limit, draft) in [(5 * 1024 * 1024, true), (50 * 1024 * 1024, false)] {
        let too_large = of_size(limit + 1);
        let (status, body) = if draft {
            world.draft("a.pdf", &too_large).await
        } else {
            world.upload(order, "a.pdf", &too_large).await
        };
        assert_eq!((status, body["error_code"].as_str()), (413, Some("FILE_TOO_LARGE")), "{body}");
    }
    let description = "x".repeat(5_000);
    let form = Form::new().part("design", file("a.png", PNG)).text("description", description);
    assert_eq!(world.post(UPLOAD, form).await.0, 413);
    assert_nothing_kept(&world).await;
    let (status, body) = world.draft("a.pdf", &of_size(5 * 1024 * 1024)).await;
    assert_eq!(status, 201, "exactly the limit is taken: {body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_may_have_fifty_files() {
    let world = World::start().await;
    let order = OrderId::generate(&SystemClock);
    for index in 0..49 {
        assert_eq!(world.upload(order, &format!("{index}.png"), PNG).await.0, 201);
    }
    // Two at once for the last place.
    let (first, second) =
        tokio::join!(world.upload(order, "a.png", PNG), world.upload(order, "b.png", PNG));
    let mut statuses = [first.0, second.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 400]);
    let (_, body) = world.upload(order, "c.png", PNG).await;
    assert_eq!(body["error_code"], "FILE_QUOTA_EXCEEDED");
    assert_eq!((world.rows().await, world.files_on_disk()), (50, 50));
    let (status, _) = world.upload(OrderId::generate(&SystemClock), "c.png", PNG).await;
    assert_eq!(status, 201, "another order has room");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_goes_away_leaves_nothing() {
    let world = World::start().await;
    let head = format!(
        "POST {UPLOAD} HTTP/1.1\r\nhost: x\r\n{HEADER}: {}\r\ncontent-length: 1000000\r\n\
         content-type: multipart/form-data; boundary=x\r\n\r\n--x\r\nContent-Disposition: \
         form-data; name=\"design\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4 and no end",
        world.identity.anonymous("media")
    );
    for _ in 0..20 {
        let address = world.base.strip_prefix("http://").unwrap();
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(head.as_bytes()).await.unwrap();
    }
    // The service lives on, and answers the next one.
    let order = OrderId::generate(&SystemClock);
    eventually(PATIENCE, async || (world.upload(order, "a.png", PNG).await.0 == 201).then_some(()))
        .await;
    assert_eq!((world.rows().await, world.files_on_disk()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_are_the_gateways_own_and_nothing_goes_unsigned() {
    let world = World::start().await;
    let send = async |path: &str, identity: Option<String>| {
        let form = Form::new().part("design", file("a.png", PNG));
        let mut request = world.client.post(format!("{}{path}", world.base)).multipart(form);
        if let Some(identity) = identity {
            request = request.header(HEADER, identity);
        }
        request.send().await.unwrap().status().as_u16()
    };
    let identity = &world.identity;
    assert_eq!(send(DRAFTS, Some(identity.anonymous("media"))).await, 403);
    assert_eq!(send(DRAFTS, Some(identity.staff("media", Role::Owner))).await, 403);
    assert_eq!(send(DRAFTS, None).await, 401);
    assert_eq!(send(UPLOAD, None).await, 401);
    assert_eq!(send(UPLOAD, Some(identity.system("order"))).await, 401);
    assert_nothing_kept(&world).await;
}
