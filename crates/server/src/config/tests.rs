//! Every rule about settings, and the proof that `alongside.example.toml` tells the truth.

use super::*;
use crate::config::problem::Origin;
use std::collections::BTreeMap;
use std::fs;

const EXAMPLE: &str = include_str!("../../../../alongside.example.toml");

/// Loads a file with this text, under these variables.
fn load_text(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("alongside.toml");
    fs::write(&file, text).unwrap();
    load(Some(&file), variables.iter().map(|(name, text)| (name.into(), text.into())))
}

fn good(text: &str) -> Config {
    load_text(text, &[]).unwrap()
}

fn problems(text: &str, variables: &[(&str, &str)]) -> Vec<Problem> {
    match load_text(text, variables) {
        Err(ConfigError::Invalid(problems)) => problems,
        other => panic!("expected wrong settings, got {other:?}"),
    }
}

/// The keys that are wrong, and that each message says what would be right.
fn wrong_keys(text: &str) -> Vec<String> {
    problems(text, &[]).into_iter().map(|problem| problem.key).collect()
}

#[test]
fn nothing_configured_is_a_working_node_on_this_machine() {
    let config = good("");
    assert_eq!(config.url.to_string(), "http://127.0.0.1:8080");
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.sqlite_file(), Path::new("./data/alongside.db"));
    assert!(config.database.is_none() && config.contact.is_none());
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let missing = load(Some(Path::new("/nowhere/alongside.toml")), []).unwrap_err();
    assert_eq!(missing.to_string(), "the configuration file /nowhere/alongside.toml cannot be read");
}

#[test]
fn the_default_file_may_be_absent() {
    assert!(!Path::new(DEFAULT_FILE).exists(), "these tests run where there is no {DEFAULT_FILE}");
    assert_eq!(load(None, []).unwrap(), good(""));
}

#[test]
fn the_public_address_follows_a_loopback_listener() {
    assert_eq!(good("listen = '127.0.0.2:7101'").url.to_string(), "http://127.0.0.2:7101");
    assert_eq!(good("listen = '[::1]:7101'").url.to_string(), "http://[::1]:7101");
    assert_eq!(wrong_keys("listen = '0.0.0.0:8080'"), ["url"]);
}

#[test]
fn the_public_address_is_an_origin_over_https() {
    for (given, kept) in [
        ("https://community.example.org", "https://community.example.org"),
        ("https://Community.Example.org/", "https://community.example.org"),
        ("https://example.org:8443", "https://example.org:8443"),
        ("http://127.0.0.1:7101", "http://127.0.0.1:7101"),
        ("http://localhost:7101", "http://localhost:7101"),
        ("http://[::1]:7101", "http://[::1]:7101"),
    ] {
        assert_eq!(good(&format!("url = '{given}'")).url.to_string(), kept);
    }
    for given in [
        "",
        "community.example.org",
        "http://community.example.org",
        "http://192.168.0.7:8080",
        "http://localhost.example.org",
        "https://example.org/community",
        "https://example.org/?a=b",
        "https://example.org/#a",
        "https://user:secret@example.org",
        "ftp://example.org",
        "https://",
    ] {
        assert_eq!(wrong_keys(&format!("url = '{given}'")), ["url"], "{given}");
    }
}

#[test]
fn each_key_refuses_what_it_cannot_be() {
    for (text, key) in [
        ("listen = '127.0.0.1'", "listen"),
        ("listen = '127.0.0.1:0'", "listen"),
        ("listen = 8080", "listen"),
        ("data_dir = ''", "data_dir"),
        ("database = 'mysql://host/name'", "database"),
        ("database = 'alongside.db'", "database"),
        ("title = ' '", "title"),
        ("title = \"two\\nlines\"", "title"),
        ("contact = 'nobody'", "contact"),
        ("source_url = 'our-alongside'", "source_url"),
        ("source_url = 'file:///srv/alongside'", "source_url"),
        ("node_number = 32", "node_number"),
        ("node_number = -1", "node_number"),
        ("registrations = 'maybe'", "registrations"),
        ("registrations = true", "registrations"),
        ("min_age = 0", "min_age"),
        ("min_age = 'sixteen'", "min_age"),
        ("mail.server = 'mail.example.org'", "mail.server"),
        ("mail.from = 'nobody'", "mail.from"),
        ("federation = 1", "federation"),
        ("federation.insecure_hosts = '127.0.0.1:7102'", "federation.insecure_hosts"),
        ("federation.insecure_hosts = ['127.0.0.1']", "federation.insecure_hosts"),
        ("federation.insecure_hosts = ['192.168.0.7:80']", "federation.insecure_hosts"),
        ("federation.insecure_hosts = ['example.org:80']", "federation.insecure_hosts"),
        ("federation.retry_first_secs = 0", "federation.retry_first_secs"),
        ("federation.retry_max_secs = 604_801", "federation.retry_max_secs"),
        ("federation.retry_first_secs = 60\nfederation.retry_max_secs = 59", "federation.retry_max_secs"),
        ("oauth.password_grant = 'yes'", "oauth.password_grant"),
        ("limits.token_requests_per_5_min = 0", "limits.token_requests_per_5_min"),
        ("limits.address_sign_ins_per_5_min = 1.5", "limits.address_sign_ins_per_5_min"),
        ("limits.address_apps_per_hour = 0", "limits.address_apps_per_hour"),
        ("limits.host_key_lookups_per_min = 1_000_001", "limits.host_key_lookups_per_min"),
        ("limits.trusted_proxies = ['proxy.example.org']", "limits.trusted_proxies"),
        ("limits.trusted_proxies = '10.0.0.0/8'", "limits.trusted_proxies"),
        ("limits.post_chars = 99", "limits.post_chars"),
        ("limits.media_bytes = 1", "limits.media_bytes"),
        ("limits.activity_bytes = 999_999_999", "limits.activity_bytes"),
        ("log.format = 'xml'", "log.format"),
        ("log.level = 'inof'", "log.level"),
        ("log.level = 'info,alongside_web'", "log.level"),
        ("lisen = '127.0.0.1:8080'", "lisen"),
        ("limits.posts = 1", "limits.posts"),
    ] {
        assert_eq!(wrong_keys(text), [key], "{text}");
    }
}

#[test]
fn what_is_for_trials_is_refused_where_others_can_connect() {
    let trial = "federation.insecure_hosts = ['127.0.0.1:7102']\noauth.password_grant = true\n";
    assert!(good(trial).oauth.password_grant);
    let public = format!("{trial}url = 'https://community.example.org'\nlisten = '0.0.0.0:8080'");
    assert_eq!(wrong_keys(&public), ["federation.insecure_hosts", "oauth.password_grant"]);
}

#[test]
fn a_node_for_this_machine_does_not_listen_to_others() {
    for url in ["http://127.0.0.1:8080", "http://localhost:8080", "https://[::1]:8080"] {
        let found = problems(&format!("url = '{url}'\nlisten = '0.0.0.0:8080'"), &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].to_string().contains("must not be a loopback address while `listen`"),
            "{}",
            found[0]
        );
    }
    assert_eq!(wrong_keys("url = 'http://127.0.0.1:8080'\nlisten = '192.168.0.7:8080'"), ["url"]);
}

#[test]
fn trials_behind_a_proxy_are_warned_about() {
    let trial = "federation.insecure_hosts = ['127.0.0.1:7102']\noauth.password_grant = true\n";
    assert!(good(trial).trials_in_public().is_empty());
    let public = good(&format!("{trial}url = 'https://community.example.org'"));
    assert_eq!(public.trials_in_public().len(), 2);
    assert!(good("url = 'https://community.example.org'").trials_in_public().is_empty());
}

#[test]
fn every_mistake_is_reported_at_once_with_its_place() {
    let found = problems(
        "listen = 'here'\nlisten_on = 'there'\nlog.level = 'loud'\n",
        &[("ALONGSIDE__LIMITS__POST_CHARS", "many"), ("ALONGSIDE__LOG__LEVEL", "quiet")],
    );
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    for (start, end) in [
        (
            "`limits.post_chars` from ALONGSIDE__LIMITS__POST_CHARS: ",
            "expected a whole number from 100 to 5000",
        ),
        ("`listen` in ", "alongside.toml: must be an address and a port, such as \"127.0.0.1:8080\""),
        ("`listen_on` in ", "`federation`, `oauth`, `limits`, `media`, `mail`, `log`"),
        (
            "`log.level` from ALONGSIDE__LOG__LEVEL: must be off, ",
            "such as \"info,alongside_federation=debug\"",
        ),
    ] {
        assert!(
            lines.iter().any(|line| line.starts_with(start) && line.ends_with(end)),
            "{start}: {lines:?}"
        );
    }
    assert_eq!(ConfigError::Invalid(found).to_string().lines().next(), Some("4 settings are wrong:"));
}

#[test]
fn a_missing_public_address_is_reported_as_not_set() {
    let found = problems("listen = '[::]:8080'", &[]);
    assert_eq!(found[0].origin, Origin::Absent);
    assert!(found[0].to_string().starts_with("`url`, which is not set: must be set while `listen`"));
}

#[test]
fn a_variable_overrides_the_file_and_an_empty_one_does_not() {
    let text = "title = 'From the file'\nnode_number = 3";
    let config = load_text(
        text,
        &[
            ("ALONGSIDE__TITLE", "42"),
            ("ALONGSIDE__NODE_NUMBER", "7"),
            ("ALONGSIDE__URL", "https://community.example.org"),
            ("ALONGSIDE__OAUTH__PASSWORD_GRANT", "true"),
            ("ALONGSIDE__FEDERATION__INSECURE_HOSTS", r#"["127.0.0.1:7102", "127.0.0.2:4801"]"#),
            ("ALONGSIDE__CONTACT", ""),
            ("ALONGSIDE_FIXTURES", "not a setting"),
        ],
    )
    .unwrap();
    assert_eq!(config.title, "42");
    assert_eq!(config.node_number, 7);
    assert_eq!(config.url.to_string(), "https://community.example.org");
    assert!(config.oauth.password_grant);
    assert_eq!(config.federation.insecure_hosts[1].to_string(), "127.0.0.2:4801");
    assert_eq!(config.contact, None);
}

#[test]
fn an_unknown_variable_is_a_mistake() {
    let found = problems("", &[("ALONGSIDE__FEDERATION__INSECURE_HOST", "[]")]);
    assert_eq!(found[0].origin, Origin::Variable("ALONGSIDE__FEDERATION__INSECURE_HOST".to_owned()));
}

#[test]
fn rates_are_wider_where_only_this_machine_can_name_the_node() {
    let (here, public) = (good(""), good("url = 'https://community.example.org'"));
    assert_eq!(here.limits.token_requests_per_5_min, 100 * public.limits.token_requests_per_5_min);
    assert_eq!(here.limits.address_sign_ins_per_5_min, 100 * public.limits.address_sign_ins_per_5_min);
    assert_eq!(here.limits.address_apps_per_hour, 100 * public.limits.address_apps_per_hour);
    assert_eq!(here.limits.host_key_lookups_per_min, 100 * public.limits.host_key_lookups_per_min);
    assert_eq!(here.limits.media_bytes, public.limits.media_bytes);
    assert_eq!(good("limits.address_apps_per_hour = 5").limits.address_apps_per_hour, 5);
}

#[test]
fn a_secret_is_never_shown() {
    let shown = format!("{:?}", good("database = 'postgres://node:hunter2@db/alongside?password=hunter2'"));
    assert!(shown.contains("postgres://node:***@db/alongside"), "{shown}");
    for text in [
        "database = 'mysql://node:hunter2@db/alongside'",
        "databse = 'postgres://node:hunter2@db/alongside'",
        "database = ['postgres://node:hunter2@db/alongside']",
        "database = 'postgres://node:hunter2@db/alongside",
    ] {
        let error = load_text(text, &[]).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn a_file_that_is_not_toml_names_its_line() {
    let error = load_text("title = 'A'\nurl = https://example.org\n", &[]).unwrap_err().to_string();
    assert!(error.contains("is not valid TOML at line 2: "), "{error}");
}

#[test]
fn what_is_written_reads_back() {
    let config = good("url = 'https://community.example.org'\ncontact = 'care@example.org'");
    assert_eq!(good(&toml::to_string(&config).unwrap()), config);
}

/// What the example says about one key.
#[derive(Debug)]
struct Documented {
    has_default: bool,
    value: serde_json::Value,
}

/// The keys of the example, and its text with every one of them set.
fn example() -> (BTreeMap<String, Documented>, String) {
    let (mut keys, mut set, mut section, mut comment) =
        (Vec::new(), String::new(), String::new(), String::new());
    for line in EXAMPLE.lines() {
        if let Some(words) = line.strip_prefix("# ") {
            comment.push_str(words);
            comment.push('\n');
        } else if let Some(setting) = line.strip_prefix('#').filter(|rest| rest.contains(" = ")) {
            let name = setting.split(" = ").next().unwrap();
            assert!(comment.ends_with(".\n"), "{name} needs a comment of whole sentences");
            keys.push((format!("{section}{name}"), !comment.contains("No default")));
            set.push_str(setting);
        } else {
            if let Some(name) = line.strip_prefix('[') {
                section = format!("{}.", name.trim_end_matches(']'));
            }
            set.push_str(line);
            comment.clear();
        }
        set.push('\n');
    }
    let values = flat(&set.parse::<toml::Table>().unwrap());
    let documented = keys
        .into_iter()
        .map(|(key, has_default)| (key.clone(), Documented { has_default, value: values[&key].clone() }));
    (documented.collect(), set)
}

/// Each setting under its dotted key; one without a value is null.
fn flat(settings: &impl serde::Serialize) -> BTreeMap<String, serde_json::Value> {
    let serde_json::Value::Object(tables) = serde_json::to_value(settings).unwrap() else {
        panic!("not a table")
    };
    let mut keys = BTreeMap::new();
    for (name, value) in tables {
        match value {
            serde_json::Value::Object(inner) => {
                keys.extend(inner.into_iter().map(|(key, value)| (format!("{name}.{key}"), value)));
            }
            value => {
                keys.insert(name, value);
            }
        }
    }
    keys
}

#[test]
fn a_bucket_comes_with_its_key_and_the_secret_is_never_shown() {
    assert_eq!(wrong_keys("media.bucket = 'ours'"), ["media.region", "media.key_id", "media.secret_key"]);
    assert_eq!(wrong_keys("media.endpoint = 'https://s3.example.org'"), ["media.endpoint"]);
    assert_eq!(wrong_keys("media.endpoint = 'https://s3.example.org/ours'"), ["media.endpoint"]);
    assert_eq!(wrong_keys("media.presigned = true"), ["media.presigned"]);
    let whole = "[media]\nbucket = 'ours'\nregion = 'eu-west-2'\nkey_id = 'key'";
    let config = load_text(whole, &[("ALONGSIDE__MEDIA__SECRET_KEY", "hush")]).unwrap();
    assert_eq!(config.media.secret_key.as_ref().map(value::Secret::reveal), Some("hush"));
    assert!(!format!("{config:?}").contains("hush") && !toml::to_string(&config).unwrap().contains("hush"));
    assert_eq!(
        problems(&whole.replace("ours", "Not Ours"), &[("ALONGSIDE__MEDIA__SECRET_KEY", "hush")]).len(),
        1
    );
}

const MAIL: &str = "[mail]\nserver = 'smtps://mail.example.org'\nfrom = 'no-reply@example.org'\n";

#[test]
fn a_node_is_open_only_where_it_sends_mail() {
    let found = problems("registrations = 'open'", &[]);
    assert!(found[0].to_string().contains("cannot be \"open\" without mail"), "{}", found[0]);
    assert_eq!(good(&format!("registrations = 'open'\n{MAIL}")).registrations, Registrations::Open);
    assert_eq!(good("registrations = 'approval'\nmin_age = 16").min_age, Some(16));
}

#[test]
fn mail_comes_with_a_sender_and_its_password_is_never_shown_or_sent_in_the_clear() {
    assert_eq!(wrong_keys("mail.server = 'smtps://mail.example.org'"), ["mail.from"]);
    assert_eq!(wrong_keys("mail.from = 'no-reply@example.org'"), ["mail.from"]);
    assert_eq!(wrong_keys(&format!("{MAIL}username = 'node'")), ["mail.password"]);
    let signed_in = format!("{MAIL}username = 'node'");
    let password = [("ALONGSIDE__MAIL__PASSWORD", "hush")];
    let config = load_text(&signed_in, &password).unwrap();
    assert_eq!(config.mail.password.as_ref().map(value::Secret::reveal), Some("hush"));
    assert!(!format!("{config:?}").contains("hush") && !toml::to_string(&config).unwrap().contains("hush"));
    let plain = problems(&signed_in.replace("smtps:", "smtp:"), &password);
    assert!(plain[0].to_string().contains("in the clear"), "{}", plain[0]);
    assert!(load_text(&signed_in.replace("smtps://mail.example.org", "smtp://127.0.0.1"), &password).is_ok());
    let shown = load_text(&MAIL.replace("smtps://", "smtps://node:hush@"), &[]).unwrap_err().to_string();
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn the_example_changes_nothing_as_it_stands() {
    assert_eq!(good(EXAMPLE), good(""));
}

#[test]
fn the_example_documents_every_key_and_its_default() {
    let (documented, set) = example();
    assert!(load_text(&set, &[]).is_ok(), "{:?}", load_text(&set, &[]));
    // The example is written for a public node, whose rates are the narrow ones.
    let defaults = flat(&good("url = 'https://community.example.org'"));
    assert_eq!(documented.keys().collect::<Vec<_>>(), defaults.keys().collect::<Vec<_>>());
    for (key, said) in documented {
        if said.has_default {
            assert_eq!(said.value, defaults[&key], "{key}");
        } else {
            assert!(key == "url" || defaults[&key].is_null(), "{key} has a default");
        }
    }
}
