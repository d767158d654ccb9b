//! Signing and verifying, on one core: our crate, and the `rsa` crate beside it in the same run.

use crate::Failure;
use crate::bench::{Bench, Measure};
use crate::meter::Sample;
use http_signatures::algorithm::Algorithm;
use http_signatures::private_key::PrivateKey;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::sha2::Sha256;
use rsa::signature::{Keypair as _, SignatureEncoding as _, Signer as _, Verifier as _};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// As long as what is signed of a usual delivery.
const MESSAGE: &[u8; 256] = &[b'a'; 256];
/// How long each round goes on: single signatures take microseconds.
const ROUND: Duration = Duration::from_millis(500);

/// Measures RSA with 2048 bits, PKCS#1 v1.5 and SHA-256, which every server speaks, and Ed25519.
pub(crate) async fn measure(bench: &mut Bench) -> Result<(), Failure> {
    let ours = PrivateKey::generate_rsa_2048()?;
    let theirs = SigningKey::<Sha256>::new(RsaPrivateKey::from_pkcs8_pem(&ours.to_pem()?)?);
    let rsa = Algorithm::RsaV15Sha256;
    let signature = ours.sign(rsa, MESSAGE)?;
    if signature != theirs.try_sign(MESSAGE)?.to_vec() {
        return Err("the two crates do not make the same signature".into());
    }
    let to_beat = rate(|| theirs.try_sign(black_box(MESSAGE)).is_ok())?;
    let sign = async || Ok(Sample::of(rate(|| ours.sign(rsa, black_box(MESSAGE)).is_ok())?));
    bench.measure(Measure::rate("RSA-2048 sign, one core (to beat: the `rsa` crate)", to_beat), sign).await;

    let their_key: VerifyingKey<Sha256> = theirs.verifying_key();
    let their_signature = Signature::try_from(signature.as_slice())?;
    let to_beat = rate(|| their_key.verify(black_box(MESSAGE), &their_signature).is_ok())?;
    let verify = async || {
        Ok(Sample::of(rate(|| ours.public_key().verify(rsa, black_box(MESSAGE), &signature).is_ok())?))
    };
    bench
        .measure(Measure::rate("RSA-2048 verify, one core (to beat: the `rsa` crate)", to_beat), verify)
        .await;
    ed25519(bench).await
}

async fn ed25519(bench: &mut Bench) -> Result<(), Failure> {
    let key = PrivateKey::generate_ed25519()?;
    let signature = key.sign(Algorithm::Ed25519, MESSAGE)?;
    let sign = async || Ok(Sample::of(rate(|| key.sign(Algorithm::Ed25519, black_box(MESSAGE)).is_ok())?));
    bench.measure(Measure::rate("Ed25519 sign, one core", None), sign).await;
    let fits = || key.public_key().verify(Algorithm::Ed25519, black_box(MESSAGE), &signature).is_ok();
    bench
        .measure(Measure::rate("Ed25519 verify, one core", None), async || Ok(Sample::of(rate(fits)?)))
        .await;
    Ok(())
}

/// How often a core signs and verifies in a second, with RSA: what bounds everything between servers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Signatures made.
    pub(crate) sign: f64,
    /// Signatures checked.
    pub(crate) verify: f64,
}

/// Takes the bounds, and records them.
pub(crate) fn bounds(bench: &mut Bench) -> Result<Bounds, Failure> {
    let key = PrivateKey::generate_rsa_2048()?;
    let rsa = Algorithm::RsaV15Sha256;
    let signature = key.sign(rsa, MESSAGE)?;
    let sign = rate(|| key.sign(rsa, black_box(MESSAGE)).is_ok())?;
    let verify = rate(|| key.public_key().verify(rsa, black_box(MESSAGE), &signature).is_ok())?;
    bench.record(Measure::rate("RSA-2048 sign, one core", None), Ok(Sample::of(sign)));
    bench.record(Measure::rate("RSA-2048 verify, one core", None), Ok(Sample::of(verify)));
    Ok(Bounds { sign, verify })
}

/// How often something succeeds in a second, done again and again.
fn rate(succeeds: impl Fn() -> bool) -> Result<f64, Failure> {
    let started = Instant::now();
    let mut done = 0_u32;
    while started.elapsed() < ROUND {
        if !succeeds() {
            return Err("a signature failed".into());
        }
        done += 1;
    }
    Ok(f64::from(done) / started.elapsed().as_secs_f64())
}
