//! Whether letters can be sent.

use crate::config::Config;
use crate::doctor::Finding;
use crate::mail;
use alongside_domain::sign_up::Registrations;

/// Whether the mail server answers, and takes the node's name and password.
pub(crate) async fn server(config: &Config) -> Finding {
    const ABOUT: &str = "mail";
    let Some(server) = &config.mail.server else {
        let what = match config.registrations {
            Registrations::Approval => "newcomers' addresses are not confirmed",
            Registrations::Closed | Registrations::Open => "a forgotten password needs you",
        };
        return Finding::fine(ABOUT, format!("is not sent: {what}"));
    };
    let tried = match mail::courier(config) {
        Ok(Some(courier)) => courier.answers().await.map_err(|error| error.to_string()),
        Ok(None) => Err("there is nobody it could be from".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    match tried {
        Ok(()) => Finding::fine(ABOUT, format!("{server} answers")),
        Err(why) => {
            let remedy = "check `mail.server`, `mail.username` and `mail.password`, and that this machine may reach it";
            Finding::failure(ABOUT, format!("{server} does not take letters ({why}); {remedy}"))
        }
    }
}
