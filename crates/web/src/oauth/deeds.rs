//! What a scope lets a client do, in plain words for the member who is asked.

use alongside_domain::scope::Scopes;

/// What these scopes let a client do.
pub(crate) fn of(scopes: &Scopes) -> Vec<String> {
    scopes.iter().map(deed).collect()
}

/// What one scope lets a client do.
pub(crate) fn deed(scope: &str) -> String {
    match scope {
        "read" => "read all that you can read here, your private messages too".to_owned(),
        "write" => "write, answer, react and change things for you".to_owned(),
        "follow" => "follow, join, leave, mute and block for you".to_owned(),
        "push" => "send you notifications".to_owned(),
        "profile" | "read:me" => "see the name and picture you use here".to_owned(),
        "admin:read" => "see what only staff can see".to_owned(),
        "admin:write" => "do what only staff can do".to_owned(),
        narrow => {
            let (verb, object) = narrow.rsplit_once(':').unwrap_or(("use", narrow));
            let object = thing(object);
            match verb {
                "read" => format!("see {object}"),
                "write" => format!("change {object}"),
                "admin:read" => format!("see {object}, as staff"),
                "admin:write" => format!("change {object}, as staff"),
                _ => format!("use {object}"),
            }
        }
    }
}

fn thing(object: &str) -> String {
    let known = match object {
        "accounts" => "profiles",
        "blocks" => "whom you block",
        "bookmarks" => "your bookmarks",
        "conversations" => "your private conversations",
        "favourites" => "your reactions",
        "filters" => "the words you filter",
        "follows" => "whom you follow and which communities you are in",
        "lists" => "your lists",
        "media" => "the pictures you upload",
        "mutes" => "whom you mute",
        "notifications" => "your notifications",
        "reports" => "reports",
        "search" => "what you search for",
        "statuses" => "what you write and read",
        "domain_allows" => "the nodes this one trusts",
        "domain_blocks" => "the nodes this one blocks",
        "ip_blocks" => "the addresses this node blocks",
        "email_domain_blocks" => "the e-mail hosts this node blocks",
        "canonical_email_blocks" => "the e-mail addresses this node blocks",
        other => return other.replace('_', " "),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alongside_domain::scope;

    #[test]
    fn every_scope_is_told_in_words() {
        let all = scope::all();
        for name in &all {
            let told = deed(name);
            assert!(!told.contains(':') && !told.contains('_') && told.contains(' '), "{name}: {told}");
        }
        assert_eq!(deed("read:bookmarks"), "see your bookmarks");
    }
}
