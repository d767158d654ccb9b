//! Communities, in the words of the groups extension.

use crate::entities::accounts::Account;
use serde::Serialize;

/// Somebody in a community.
#[derive(Debug, Serialize)]
pub(crate) struct GroupMember {
    pub(crate) id: String,
    pub(crate) account: Account,
    pub(crate) role: &'static str,
}
