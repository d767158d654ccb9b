//! What is wrong with the values of a request, in words for whoever wrote the client.

use std::fmt;

/// Why the values of a request could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It cannot be taken apart at all.
    Malformed(String),
    /// A value is missing or of another kind.
    Wrong {
        /// Which one, from the outside in.
        path: String,
        /// What is wrong with it.
        says: String,
    },
    /// The body is larger than it may be.
    TooLarge,
    /// The body is of a kind that is not understood here.
    UnknownKind,
    /// Others are sending so much that there is no room for it now.
    NoRoom,
}

impl Problem {
    pub(crate) fn malformed(says: String) -> Self {
        Self::Malformed(says)
    }

    pub(crate) fn wrong(says: String) -> Self {
        Self::Wrong { path: String::new(), says }
    }

    pub(crate) fn too_many() -> Self {
        Self::Malformed("there are too many values in this request".to_owned())
    }

    pub(crate) fn too_deep() -> Self {
        Self::Malformed("the values of this request are nested too deeply".to_owned())
    }

    /// The same problem, one level further out.
    pub(crate) fn within(self, name: &str) -> Self {
        let name: String = name.chars().take(40).collect();
        match self {
            Self::Wrong { path, says } if path.is_empty() => Self::Wrong { path: name, says },
            Self::Wrong { path, says } => Self::Wrong { path: format!("{name}.{path}"), says },
            other @ (Self::Malformed(_) | Self::TooLarge | Self::UnknownKind | Self::NoRoom) => other,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(says) => out.write_str(says),
            Self::Wrong { path, says } if path.is_empty() => out.write_str(says),
            Self::Wrong { path, says } => write!(out, "{path}: {says}"),
            Self::TooLarge => out.write_str("this request is too large"),
            Self::UnknownKind => {
                out.write_str("send a form, multipart form data or JSON, and say which in Content-Type")
            }
            Self::NoRoom => out.write_str("there is no room for more files that are being sent"),
        }
    }
}

impl std::error::Error for Problem {}

impl serde::de::Error for Problem {
    fn custom<T: fmt::Display>(says: T) -> Self {
        Self::wrong(says.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::wrong(format!("{field} is missing"))
    }
}
