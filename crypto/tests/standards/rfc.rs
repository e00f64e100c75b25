//! Vectors printed in RFCs and drafts. Longer lists of the same stand in `wycheproof.rs`.

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use crypto::{
    SigningKey, VerifyingKey,
    derive::{hkdf_sha256, hmac_sha256, hmac_sha256_matches},
};

use crate::{array, unhex};

const KEY: &str = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";
const ASSOCIATED: &str = "50515253c0c1c2c3c4c5c6c7";
const SUNSCREEN: &[u8] =
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the \
                           future, sunscreen would be it.";

#[test]
fn chacha20_poly1305_rfc_8439_section_2_8_2() {
    let cipher = ChaCha20Poly1305::new(&array(KEY).into());
    let (nonce, associated) = (array("070000004041424344454647").into(), unhex(ASSOCIATED));
    let sealed = cipher.encrypt(&nonce, Payload { msg: SUNSCREEN, aad: &associated }).unwrap();
    assert_eq!(
        sealed,
        unhex(
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
             3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
             92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
             3ff4def08e4b7a9de576d26586cec64b6116 1ae10b594f09e26a7e902ecbd0600691"
        )
    );
    assert_eq!(cipher.decrypt(&nonce, Payload { msg: &sealed, aad: &associated }).unwrap(), SUNSCREEN);
}

#[test]
fn xchacha20_poly1305_draft_irtf_cfrg_xchacha_03_a_3() {
    let cipher = XChaCha20Poly1305::new(&array(KEY).into());
    let nonce = array("404142434445464748494a4b4c4d4e4f5051525354555657").into();
    let associated = unhex(ASSOCIATED);
    let sealed = cipher.encrypt(&nonce, Payload { msg: SUNSCREEN, aad: &associated }).unwrap();
    assert_eq!(
        sealed,
        unhex(
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb
             731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452
             2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9
             21f9664c97637da9768812f615c68b13b52e c0875924c1c7987947deafd8780acf49"
        )
    );
    assert_eq!(cipher.decrypt(&nonce, Payload { msg: &sealed, aad: &associated }).unwrap(), SUNSCREEN);
}

#[test]
fn hkdf_rfc_5869_appendix_a() {
    let upto = |from: u8, to: u8| (from..=to).collect::<Vec<_>>();
    let cases = [
        (
            vec![0x0b; 22],
            upto(0, 0x0c),
            upto(0xf0, 0xf9),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            upto(0, 0x4f),
            upto(0x60, 0xaf),
            upto(0xb0, 0xff),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb
             41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
        (
            vec![0x0b; 22],
            vec![],
            vec![],
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ];
    for (ikm, salt, info, expected) in cases {
        let expected = unhex(expected);
        let mut out = vec![0; expected.len()];
        hkdf_sha256(&ikm, &salt, &info, &mut out).unwrap();
        assert_eq!(out, expected);
    }
}

#[test]
fn hmac_rfc_4231_case_2() {
    let expected = array("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    let message = b"what do ya want for nothing?";
    assert_eq!(hmac_sha256(b"Jefe", message), expected);
    assert!(hmac_sha256_matches(b"Jefe", message, &expected));
    assert!(!hmac_sha256_matches(b"Jefe", b"what do ya want for nothing!", &expected));
}

#[test]
fn argon2id_rfc_9106_section_5_3() {
    let mut params = ParamsBuilder::new();
    params.m_cost(32).t_cost(3).p_cost(4).data(AssociatedData::new(&[4; 12]).unwrap());
    let params = params.build().unwrap();
    let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut out = [0; 32];
    argon2.hash_password_into(&[1; 32], &[2; 16], &mut out).unwrap();
    assert_eq!(out, array("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"));
}

/// Secret seed, public key, message, signature. The section's long fifth case stands in `wycheproof.rs`.
const RFC_8032_SECTION_7_1: [[&str; 4]; 4] = [
    [
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b
         d25bf5f0595bbe24655141438e7a100b",
    ],
    [
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c
         387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659
         4a7c15e9716ed28dc027beceea1ec40a",
    ],
    [
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a
         2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030
         3dca179c138ac17ad9bef1177331a704",
    ],
];

#[test]
fn ed25519_rfc_8032_section_7_1() {
    for [seed, public, message, signature] in RFC_8032_SECTION_7_1 {
        let key = SigningKey::from_bytes(&array(seed));
        assert_eq!(key.verifying_key().to_bytes(), array(public));
        assert_eq!(key.sign(&unhex(message)), array(signature));
        let public = VerifyingKey::from_bytes(&array(public)).unwrap();
        assert_eq!(public.verify(&unhex(message), &array(signature)), Ok(()));
        assert!(public.verify(b"another message", &array(signature)).is_err());
    }
}

#[test]
fn public_keys_that_prove_nothing_are_refused() {
    for refused in [
        // the neutral point, and other points of small order
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        // y = 2 is on no point of the curve
        "0200000000000000000000000000000000000000000000000000000000000000",
    ] {
        assert!(VerifyingKey::from_bytes(&array(refused)).is_err(), "{refused}");
    }
}

#[test]
fn public_keys_in_a_second_spelling_are_refused() {
    // p = 2^255 - 19 leaves the nineteen values from p to 2^255 - 1 as second spellings of y = 0 to 18.
    for low in 0xed..=0xff {
        for sign in [0x7f, 0xff] {
            let mut spelling = [0xff; 32];
            spelling[0] = low;
            spelling[31] = sign;
            assert!(VerifyingKey::from_bytes(&spelling).is_err(), "{low:x} {sign:x}");
        }
    }
}

/// Made with the secret key: R is the neutral point and s = k·a, which the plain equation of RFC 8032 accepts.
#[test]
fn a_signature_with_a_point_of_small_order_is_refused() {
    let seed: Vec<u8> = (0..32).collect();
    let key = SigningKey::from_bytes(seed.as_slice().try_into().unwrap()).verifying_key();
    let signature = array(
        "0100000000000000000000000000000000000000000000000000000000000000
         26c07da661cd55d01bdefaaa56b1d2b0ff0b447f268ff139e3b2bbe00fc75b0c",
    );
    let library = ed25519_dalek::VerifyingKey::from_bytes(&key.to_bytes()).unwrap();
    let plain =
        ed25519_dalek::Verifier::verify(&library, b"a look", &ed25519_dalek::Signature::from(signature));
    assert!(plain.is_ok(), "the vector must satisfy the plain equation");
    assert!(key.verify(b"a look", &signature).is_err());
}
