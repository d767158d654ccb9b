//! Who is in the demonstration and what they say. The words are kind and plain, as our own words are.

/// An organisation with its node.
pub(super) struct Organisation {
    /// What its node is called.
    pub(super) title: &'static str,
    /// Its usual port on loopback.
    pub(super) port: u16,
    /// The community that lives there.
    pub(super) community: Community,
    /// Who has an account there. The first runs the node.
    pub(super) members: &'static [&'static str],
}

/// A community.
pub(super) struct Community {
    /// The name in its address.
    pub(super) name: &'static str,
    /// What it is called.
    pub(super) title: &'static str,
    /// What it is for.
    pub(super) about: &'static str,
    /// What is said in it: each line answers the one before.
    pub(super) conversation: &'static [Line],
    /// Who takes to the first line.
    pub(super) moved: &'static [&'static str],
}

/// What somebody says.
pub(super) struct Line {
    /// Who.
    pub(super) who: &'static str,
    /// What.
    pub(super) says: &'static str,
}

const fn line(who: &'static str, says: &'static str) -> Line {
    Line { who, says }
}

pub(super) const NODES: [Organisation; 3] = [
    Organisation {
        title: "Harbour, a charity",
        port: 7101,
        members: &["night_owl", "marigold"],
        community: Community {
            name: "sleep",
            title: "Sleep",
            about: "For everyone who is awake when others sleep.",
            conversation: &[
                line(
                    "night_owl",
                    "Awake at three again. Not a bad night, just a long one. Is anybody else up?",
                ),
                line(
                    "wren",
                    "I am. I turned the clock to the wall and put the radio on low. Yours is not the only light on.",
                ),
                line("pebble", "Same here, most nights. It is easier when I know there are others."),
                line(
                    "marigold",
                    "Someone here once told me that rest counts whenever it comes. I hold on to that.",
                ),
            ],
            moved: &["tealeaf", "juniper"],
        },
    },
    Organisation {
        title: "Riverside, a trust",
        port: 7102,
        members: &["wren", "tealeaf"],
        community: Community {
            name: "carers",
            title: "Carers",
            about: "For people who look after somebody, and need a place of their own.",
            conversation: &[
                line(
                    "tealeaf",
                    "Dad said thank you today, the first time in weeks. I sat in the car and had a cry. A good one.",
                ),
                line("juniper", "That is lovely. A moment like that carries you a long way."),
                line("marigold", "I am so glad you had it. And who is looking after you this week?"),
                line(
                    "tealeaf",
                    "My sister comes on Saturday. A whole afternoon, and I plan to do nothing with it.",
                ),
            ],
            moved: &["night_owl", "pebble", "wren"],
        },
    },
    Organisation {
        title: "Northgate, a practice",
        port: 7103,
        members: &["juniper", "pebble"],
        community: Community {
            name: "long_covid",
            title: "Long covid",
            about: "For people who are still not well, and those who wonder whether this is it.",
            conversation: &[
                line(
                    "juniper",
                    "A small thing to share: I walked to the end of the road, sat on the wall, and walked back.",
                ),
                line("night_owl", "Sitting on the wall is an excellent plan. Well done."),
                line(
                    "wren",
                    "How do you explain the tiredness to your family? Mine mean well, and say that I look fine.",
                ),
                line("pebble", "I say that I am a phone that only charges to a third. It helped a little."),
            ],
            moved: &["tealeaf", "marigold"],
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn whoever_speaks_or_is_moved_lives_on_one_of_the_nodes() {
        let members: Vec<&str> = NODES.iter().flat_map(|node| node.members).copied().collect();
        let known: BTreeSet<&str> = members.iter().copied().collect();
        assert_eq!(known.len(), members.len(), "each name is somebody else");
        for community in NODES.iter().map(|node| &node.community) {
            let speakers = community.conversation.iter().map(|line| line.who);
            for name in speakers.chain(community.moved.iter().copied()) {
                assert!(known.contains(name), "{name} in {}", community.name);
            }
        }
    }
}
