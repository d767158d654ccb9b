//! The example of RFC 8291 (appendix A); and the keys of the example of the draft before it, sealed by another
//! implementation (`http_ece`).

use super::*;
use alongside_domain::id::TokenId;
use alongside_domain::push::PushPolicy;

fn client(p256dh: &str, auth: &str, standard: bool) -> Subscription {
    Subscription {
        token: TokenId::new(1),
        endpoint: String::new(),
        p256dh: p256dh.to_owned(),
        auth: auth.to_owned(),
        standard,
        policy: PushPolicy::All,
        alerts: Vec::new(),
    }
}

fn sealed(client: &Subscription, message: &str, salt: &str, private: &str) -> Sealed {
    let salt = decoded(salt).unwrap().try_into().unwrap();
    let ours = PrivateKey::from_private_key(&ECDH_P256, &decoded(private).unwrap()).unwrap();
    with_key(client, message.as_bytes(), &Random { salt }, &ours, message.len()).unwrap()
}

#[test]
fn the_example_of_the_standard() {
    let client = client(
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        true,
    );
    let sealed = sealed(
        &client,
        "When I grow up, I want to be a watermelon",
        "DGv6ra1nlYgDCS1FRnbzlw",
        "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    );
    assert_eq!(
        BASE64URL_NOPAD.encode(&sealed.body),
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr\
         u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    );
    assert_eq!((sealed.encoding, sealed.headers("k").len()), ("aes128gcm", 0));
}

#[test]
fn an_older_client_gets_what_another_implementation_seals() {
    let client = client(
        "BCEkBjzL8Z3C-oi2Q7oE5t2Np-p7osjGLg93qUP0wvqRT21EEWyf0cQDQcakQMqz4hQKYOQ3il2nNZct4HgAUQU",
        "R29vIGdvIGcnIGpvb2Ih",
        false,
    );
    let sealed = sealed(
        &client,
        "I am the walrus",
        "lngarbyKfMoi9Z75xYXmkg",
        "nCScek-QpEjmOOlT-rQ38nZzvdPlqa00Zy0i6m2OJvY",
    );
    assert_eq!(BASE64URL_NOPAD.encode(&sealed.body), "Dibs5HNuQioso0xNJfXpQQ2-RbNP3-D7H7bQ5jRuQIOV");
    let headers = sealed.headers("node");
    assert_eq!(headers[0].1, "salt=lngarbyKfMoi9Z75xYXmkg");
    assert_eq!(
        headers[1].1,
        "dh=BNoRDbb84JGm8g5Z5CFxurSqsXWJ11ItfXEWYVLE85Y7CYkDjXsIEc4aqxYaQ1G8BqkXCJ6DPpDrWtdWj_mugHU;p256ecdsa=node"
    );
}

#[test]
fn every_message_is_as_long_as_another() {
    let client = client(
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        true,
    );
    let length = |message: &[u8]| seal(&client, message, &Random { salt: [7; 16] }).unwrap().body.len();
    assert_eq!(length(b"a"), length(&[b'a'; 700]));
}

#[test]
fn what_is_no_key_is_refused() {
    let off_the_curve = BASE64URL_NOPAD.encode(&[&[4][..], &[7; 64]].concat());
    for key in ["", "no base64!", "BCVx", &off_the_curve] {
        let client = client(key, "BTBZMqHH6r4Tts7J_aSIgg", true);
        assert_eq!(seal(&client, b"x", &Random { salt: [0; 16] }).err(), Some(NoKey), "{key}");
    }
}
