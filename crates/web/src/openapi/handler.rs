//! A handler's types, as what can be told about it: each argument says what it takes from a request, and the answer
//! what a client is sent.

use crate::openapi::operation::Operation;
use std::future::Future;

/// A handler whose types say what it takes and gives.
#[diagnostic::on_unimplemented(
    message = "this handler's types do not tell what it takes and gives",
    note = "derive `schemars::JsonSchema` for what is read from a request and for what is answered; a new extractor \
            is told about in `openapi/inputs.rs`, a new kind of answer in `openapi/outputs.rs`"
)]
pub(crate) trait Told<T> {
    /// Tells it.
    fn tell(operation: &mut Operation<'_>);
}

/// What a handler takes from a request.
pub(crate) trait Input {
    /// Tells what a client must or may send.
    fn tell(operation: &mut Operation<'_>);
}

/// What a handler answers.
pub(crate) trait Output {
    /// Tells what a client is sent.
    fn tell(operation: &mut Operation<'_>);
}

impl<F, Fut> Told<((),)> for F
where
    F: FnOnce() -> Fut,
    Fut: Future<Output: Output>,
{
    fn tell(operation: &mut Operation<'_>) {
        Fut::Output::tell(operation);
    }
}

/// For functions of so many arguments, as axum has them. `M` is how axum takes the last one.
macro_rules! functions {
    ($(($($input:ident)+))+) => {
        $(
            impl<F, Fut, M, $($input),+> Told<(M, $($input,)+)> for F
            where
                F: FnOnce($($input),+) -> Fut,
                Fut: Future<Output: Output>,
                $($input: Input,)+
            {
                fn tell(operation: &mut Operation<'_>) {
                    $($input::tell(operation);)+
                    Fut::Output::tell(operation);
                }
            }
        )+
    };
}

functions! {
    (A)
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E G)
}
