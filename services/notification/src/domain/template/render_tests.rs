//! The template language, from source to message.

use proptest::prelude::*;

use super::super::parse::MAX_DEPTH;
use super::super::{TemplateError, Value};
use super::*;

/// The body of the spec's example, word for word.
const SPEC: &str = "✅ *Pembayaran Diterima*\n\nHalo {{customer_name}},\n\nPembayaran {{payment_type}} untuk order {{order_code}} telah diterima:\n\n💰 Jumlah: Rp {{amount}}\n📅 Tanggal: {{payment_date}}\n\n{{#if is_full_payment}}Terima kasih! Order Anda akan segera diproduksi.{{else}}Menunggu pelunasan sebesar Rp {{remaining_amount}}.{{/if}}\n\nTerima kasih!";

fn values(pairs: &[(&str, &str)]) -> Values {
    let mut values = Values::new();
    for (name, text) in pairs {
        values.set(name, Value::Own((*text).to_owned()));
    }
    values
}

fn rendered(source: &str, values: &Values) -> String {
    Template::parse(source).unwrap().render(values, Channel::Whatsapp).unwrap()
}

fn spec_values(full: bool) -> Values {
    let mut values = values(&[
        ("customer_name", "John Doe"),
        ("payment_type", "Down Payment"),
        ("order_code", "ORD-20250630-A1B"),
        ("amount", "3.750.000"),
        ("payment_date", "30/06/2025 17:30"),
        ("remaining_amount", "3.750.000"),
    ]);
    values.set("is_full_payment", Value::Flag(full));
    values
}

#[test]
fn the_specs_example_takes_either_branch() {
    assert_eq!(
        rendered(SPEC, &spec_values(false)),
        "✅ *Pembayaran Diterima*\n\nHalo John Doe,\n\nPembayaran Down Payment untuk order ORD-20250630-A1B telah diterima:\n\n💰 Jumlah: Rp 3.750.000\n📅 Tanggal: 30/06/2025 17:30\n\nMenunggu pelunasan sebesar Rp 3.750.000.\n\nTerima kasih!"
    );
    let full = rendered(SPEC, &spec_values(true));
    assert!(full.contains("Terima kasih! Order Anda akan segera diproduksi.\n\nTerima kasih!"));
    assert!(!full.contains("Menunggu pelunasan"));
}

#[test]
fn unknown_variables_stay_as_written_and_count_as_no() {
    assert_eq!(rendered("Halo {{ nama }}!", &Values::new()), "Halo {{nama}}!");
    assert_eq!(rendered("{{#if x}}a{{else}}b{{/if}}", &Values::new()), "b");
    assert_eq!(rendered("{{#if x}}a{{/if}}.", &Values::new()), ".");
}

#[test]
fn conditions_stand_in_each_other() {
    let source = "{{#if a}}A{{#if b}}B{{else}}b{{/if}}{{else}}a{{#if b}}B{{/if}}{{/if}}";
    assert_eq!(rendered(source, &values(&[("a", "1"), ("b", "1")])), "AB");
    assert_eq!(rendered(source, &values(&[("a", "1")])), "Ab");
    assert_eq!(rendered(source, &values(&[("b", "1")])), "aB");
}

#[test]
fn lone_braces_are_text() {
    assert_eq!(rendered("a } b }} { c", &Values::new()), "a } b }} { c");
}

#[test]
fn a_value_is_never_read_as_a_template() {
    let names = values(&[("a", "{{b}}"), ("b", "rahasia")]);
    assert_eq!(rendered("{{a}}", &names), "{{b}}");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let wrong = |source: &str| Template::parse(source).unwrap_err();
    assert_eq!(wrong("äb {{x"), TemplateError::Unclosed { at: 4 });
    for source in [
        "{{}}",
        "{{a b}}",
        "{{{a}}}",
        "{{> part}}",
        "{{#each a}}{{/each}}",
        "{{lookup a b}}",
        "{{__proto__}}",
        "{{a.b}}",
        "{{#if}}x{{/if}}",
        "{{#iffy}}",
        "{{/else}}",
        "{{a\u{202e}}}",
    ] {
        assert_eq!(wrong(source), TemplateError::UnknownTag { at: 1 }, "{source}");
    }
    assert_eq!(wrong("{{else}}"), TemplateError::Misplaced { tag: "{{else}}", at: 1 });
    assert_eq!(wrong("{{/if}}"), TemplateError::Misplaced { tag: "{{/if}}", at: 1 });
    let twice = wrong("{{#if a}}{{else}}{{else}}{{/if}}");
    assert_eq!(twice, TemplateError::Misplaced { tag: "{{else}}", at: 18 });
    assert_eq!(wrong("{{#if a}}x"), TemplateError::Unfinished { name: "a".to_owned() });
    assert_eq!(wrong(&"x".repeat(64 * 1024 + 1)), TemplateError::TooLong);
    assert!(wrong("{{#if a}}").to_string().contains("{{#if a}} tidak ditutup dengan {{/if}}"));
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth| format!("{}x{}", "{{#if a}}".repeat(depth), "{{/if}}".repeat(depth));
    assert!(Template::parse(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(Template::parse(&nested(MAX_DEPTH + 1)), Err(TemplateError::TooDeep));
}

#[test]
fn the_message_is_bounded() {
    let source = "{{a}}".repeat(40);
    let long = values(&[("a", &"x".repeat(2_000))]);
    let template = Template::parse(&source).unwrap();
    assert_eq!(template.render(&long, Channel::Email), Err(RenderError::TooLong));
}

#[test]
fn a_subject_is_one_line() {
    let template = Template::parse("Order\r\nBcc: {{a}}").unwrap();
    let subject = template.render_line(&values(&[("a", "x\ny")]), Channel::Email).unwrap();
    assert_eq!(subject, "Order Bcc: x y");
}

proptest! {
    #[test]
    fn no_source_makes_it_panic_or_write_without_bound(source in "[a{}#/ ifels\n]{0,80}") {
        if let Ok(template) = Template::parse(&source) {
            let text = template.render(&values(&[("a", "*")]), Channel::Whatsapp).unwrap();
            prop_assert!(text.len() <= MAX_OUTPUT_BYTES);
        }
    }

    #[test]
    fn text_without_braces_is_written_as_it_is(source in "[^{}]{0,200}") {
        prop_assert_eq!(rendered(&source, &Values::new()), source);
    }

    #[test]
    fn a_public_value_never_carries_markup_or_lines(text in any::<String>()) {
        let shown = Value::Public(text).shown(Channel::Whatsapp);
        prop_assert!(!shown.contains(['*', '_', '~', '`', '\n', '\r']));
        prop_assert!(!shown.contains("://"));
    }
}
