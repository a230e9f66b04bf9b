//! The mail sink, with the mail client that notification uses and by hand.

use konveksi_sandbox::{Config, MessageChannel, Sandbox, SmtpLogin};
use lettre::message::header::ContentType;
use lettre::message::{Attachment, MultiPart};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::support::sandbox;

fn transport(sandbox: &Sandbox) -> lettre::transport::smtp::AsyncSmtpTransportBuilder {
    let addr = sandbox.smtp_addr();
    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(addr.ip().to_string()).port(addr.port())
}

fn mail(to: &str) -> lettre::message::MessageBuilder {
    Message::builder()
        .from("Toko <toko@contoh.id>".parse().unwrap())
        .to(to.parse().unwrap())
        .subject("Pembayaran diterima ✓")
}

#[tokio::test]
async fn a_mail_arrives_readable_for_each_recipient() {
    let sandbox = sandbox().await;
    let text = "Halo Budi,\n.titik di awal baris\nTotal Rp7.500.000";
    let mail = mail("Budi <Budi@contoh.id>")
        .cc("siti@contoh.id".parse().unwrap())
        .multipart(
            MultiPart::mixed()
                .multipart(MultiPart::alternative_plain_html(
                    text.to_owned(),
                    "<p>Halo Budi</p>".to_owned(),
                ))
                .singlepart(
                    Attachment::new("faktur.pdf".to_owned())
                        .body("%PDF".to_owned(), ContentType::parse("application/pdf").unwrap()),
                ),
        )
        .unwrap();
    transport(&sandbox).build().send(mail).await.unwrap();
    let got = sandbox.messages_to("budi@contoh.id").remove(0);
    assert_eq!(got.channel, MessageChannel::Email);
    assert_eq!(got.subject.as_deref(), Some("Pembayaran diterima ✓"));
    assert_eq!(got.text.replace("\r\n", "\n"), text);
    assert_eq!(got.html.as_deref().map(str::trim), Some("<p>Halo Budi</p>"));
    assert_eq!(got.attachments, ["faktur.pdf"]);
    assert_eq!(got.sender.as_deref(), Some("toko@contoh.id"));
    assert_eq!(sandbox.messages_to("siti@contoh.id").len(), 1);
}

#[tokio::test]
async fn the_configured_login_is_demanded() {
    let login = SmtpLogin { user: "toko".to_owned(), password: "rahasia".to_owned().into() };
    let config = Config { smtp_login: Some(login), ..Config::for_tests() };
    let sandbox = Sandbox::start(config).await.unwrap();
    let send = async |password: Option<&str>, mechanism| {
        let mut builder = transport(&sandbox).authentication(vec![mechanism]);
        if let Some(password) = password {
            let credentials = Credentials::new("toko".to_owned(), password.to_owned());
            builder = builder.credentials(credentials);
        }
        builder.build().send(mail("budi@contoh.id").body("x".to_owned()).unwrap()).await
    };
    assert!(send(None, Mechanism::Plain).await.is_err());
    assert!(send(Some("salah"), Mechanism::Plain).await.is_err());
    assert!(sandbox.messages().is_empty());
    send(Some("rahasia"), Mechanism::Plain).await.unwrap();
    send(Some("rahasia"), Mechanism::Login).await.unwrap();
    assert_eq!(sandbox.messages().len(), 2);
}

#[tokio::test]
async fn the_sink_can_refuse_for_now_or_refuse_what_it_kept() {
    let sandbox = sandbox().await;
    let send = || {
        let mail = mail("budi@contoh.id").body("x".to_owned()).unwrap();
        let transport = transport(&sandbox).build();
        async move { transport.send(mail).await }
    };
    sandbox.set_switches(|switches| switches.smtp.fail_next.count = 1);
    assert!(send().await.unwrap_err().is_transient());
    assert!(sandbox.messages().is_empty());
    sandbox.set_switches(|switches| {
        switches.smtp.fail_next.count = 1;
        switches.smtp.fail_next.status = Some(554);
        switches.smtp.fail_next.after_effect = true;
    });
    assert!(send().await.unwrap_err().is_permanent());
    assert_eq!(sandbox.messages().len(), 1);
    send().await.unwrap();
}

/// Says each line and gives the first answer line to each.
async fn talk(sandbox: &Sandbox, lines: &[&str]) -> Vec<String> {
    let mut stream = BufReader::new(TcpStream::connect(sandbox.smtp_addr()).await.unwrap());
    let mut answers = Vec::new();
    let mut answer = String::new();
    stream.read_line(&mut answer).await.unwrap();
    for line in lines {
        stream.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        answer.clear();
        while answer.lines().last().is_none_or(|last| last.as_bytes().get(3) != Some(&b' ')) {
            stream.read_line(&mut answer).await.unwrap();
        }
        answers.push(answer.get(..3).unwrap().to_owned());
    }
    answers
}

#[tokio::test]
async fn commands_out_of_order_are_refused() {
    let sandbox = sandbox().await;
    let answers = talk(
        &sandbox,
        &[
            "MAIL FROM:<a@b.id>",
            "EHLO test",
            "RCPT TO:<a@b.id>",
            "DATA",
            "MAIL FROM:<a@b.id> SIZE=99999999",
            "MAIL FROM:<a@b.id>",
            "RCPT TO:nobody",
            "RCPT TO:<a@b.id>",
            "RSET",
            "DATA",
            "NOOP",
            "VRFY x",
            "QUIT",
        ],
    )
    .await;
    let wanted =
        ["503", "250", "503", "503", "552", "250", "501", "250", "250", "503", "250", "502", "221"];
    assert_eq!(answers, wanted);
}

#[tokio::test]
async fn several_mails_go_over_one_connection() {
    let sandbox = sandbox().await;
    let mail = "Subject: satu\r\n\r\nisi\r\n.";
    let answers = talk(
        &sandbox,
        &[
            "EHLO test",
            "MAIL FROM:<>",
            "RCPT TO:<a@b.id>",
            "DATA",
            mail,
            "MAIL FROM:<>",
            "RCPT TO:<a@b.id>",
            "DATA",
            mail,
            "QUIT",
        ],
    )
    .await;
    assert_eq!(answers, ["250", "250", "250", "354", "250", "250", "250", "354", "250", "221"]);
    assert_eq!(sandbox.messages_to("a@b.id").len(), 2);
}
