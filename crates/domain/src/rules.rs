//! What holds in every community of this node; each has rules of its own in its profile.

/// A rule. Its number never means another rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What reports name it by.
    pub id: &'static str,
    /// In a few words.
    pub text: &'static str,
    /// What that means.
    pub hint: &'static str,
}

/// The rules.
pub const RULES: [Rule; 4] = [
    Rule {
        id: "1",
        text: "Be kind",
        hint: "You may disagree. You may not attack, shame or threaten anybody.",
    },
    Rule {
        id: "2",
        text: "Keep others safe",
        hint: "Talk about how you feel. Leave out methods, amounts and places of harming oneself.",
    },
    Rule {
        id: "3",
        text: "Keep secrets",
        hint: "What somebody tells here stays here. Do not say who anybody is outside.",
    },
    Rule {
        id: "4",
        text: "No selling, no cures",
        hint: "Tell what helped you. Do not advertise, and do not tell others to stop a treatment.",
    },
];

/// A rule was named that there is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rule that was named does not exist on this node")]
pub struct Unknown;

/// The rule with this number.
pub fn find(id: &str) -> Option<Rule> {
    RULES.into_iter().find(|rule| rule.id == id)
}

/// The numbers of these rules, each once, if there are such rules.
pub fn known(named: &[String]) -> Result<Vec<String>, Unknown> {
    let mut known: Vec<String> = Vec::new();
    for id in named {
        let rule = find(id.trim()).ok_or(Unknown)?;
        if !known.iter().any(|other| other == rule.id) {
            known.push(rule.id.to_owned());
        }
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_named_once_and_none_is_made_up() {
        let named = |ids: &[&str]| known(&ids.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(named(&["2", "4", "2"]), Ok(vec!["2".to_owned(), "4".to_owned()]));
        assert_eq!(named(&[]), Ok(Vec::new()));
        assert_eq!(named(&["1", "5"]), Err(Unknown));
        let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
    }
}
