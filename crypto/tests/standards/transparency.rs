//! Trees and notes of other programs: the reference tree of certificate transparency, and checkpoints that a public
//! log, the Go checksum database, has signed.

use crypto::{
    VerifyingKey,
    merkle::{
        Frontier, Hash, ProofError, consistency_proof, inclusion_proof, leaf_hash, root, verify_consistency,
        verify_inclusion,
    },
    note::{NoteError, parse_verifier_key, verifier_key, verify_note},
};

use crate::{array, unhex};

/// The eight leaves of the certificate-transparency reference tests.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// The roots over the first 0 to 8 of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Leaf, tree size, and the reference inclusion proof.
const INCLUSION: [(u64, u64, &[&str]); 5] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

/// Old size, new size, and the reference consistency proof.
const CONSISTENCY: [(u64, u64, &[&str]); 4] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

fn leaves() -> Vec<Hash> {
    LEAVES.iter().map(|leaf| leaf_hash(&unhex(leaf))).collect()
}

/// A complete node, computed afresh from the leaves below it.
fn node(level: u8, index: u64) -> Result<Hash, ProofError> {
    let from = (index << level) as usize;
    leaves().get(from..from + (1 << level)).map(root).ok_or(ProofError::OutOfRange)
}

fn hashes(proof: &[&str]) -> Vec<Hash> {
    proof.iter().map(|hash| array(hash)).collect()
}

#[test]
fn reference_roots() {
    let mut frontier = Frontier::new();
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(root(&leaves()[..size]), array(expected));
        assert_eq!(frontier.root(), array(expected));
        if let Some(leaf) = leaves().get(size) {
            frontier.append(*leaf);
        }
    }
}

#[test]
fn reference_inclusion_proofs() {
    for (index, size, proof) in INCLUSION {
        let (proof, root) = (hashes(proof), array(ROOTS[size as usize]));
        assert_eq!(inclusion_proof(index, size, node), Ok(proof.clone()), "{index} in {size}");
        assert_eq!(verify_inclusion(index, size, &leaves()[index as usize], &proof, &root), Ok(()));
    }
}

#[test]
fn reference_consistency_proofs() {
    for (old, new, proof) in CONSISTENCY {
        let proof = hashes(proof);
        let (old_root, new_root) = (array(ROOTS[old as usize]), array(ROOTS[new as usize]));
        assert_eq!(consistency_proof(old, new, node), Ok(proof.clone()), "{old} to {new}");
        assert_eq!(verify_consistency(old, &old_root, new, &new_root, &proof), Ok(()));
    }
}

/// The published key of the Go checksum database.
const GO_LOG: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

/// Checkpoints it has signed: size, root, signature.
const GO_CHECKPOINTS: [(u64, &str, &str); 3] = [
    (
        3_935_567,
        "SapHtgdNCeF00Cx8kqztePV24kgzNg++Xovae42HAMw=",
        "Az3grsm7Wm4CVNR1RHq9BFnu9jzcRlU2uw7lr0gfUWgO6+rqPNjT+fUTl9gH0NRTgdwW9nItuQSMbhSaLCsk8YeYSAs=",
    ),
    (
        6_476_701,
        "mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=",
        "Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=",
    ),
    (
        65_209_736,
        "5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=",
        "Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8=",
    ),
];

#[test]
fn checkpoints_of_a_public_log_verify() {
    let (name, key): (String, VerifyingKey) = parse_verifier_key(GO_LOG).unwrap();
    assert_eq!(verifier_key(&name, &key).unwrap(), GO_LOG);
    for (size, root, signature) in GO_CHECKPOINTS {
        let note = format!("go.sum database tree\n{size}\n{root}\n\n— {name} {signature}\n");
        let checkpoint = verify_note(&note, &key, &name).unwrap();
        assert_eq!((checkpoint.size, checkpoint.origin.as_str()), (size, "go.sum database tree"));
        let grown = note.replacen(&size.to_string(), &(size + 1).to_string(), 1);
        assert_eq!(verify_note(&grown, &key, &name), Err(NoteError::BadSignature));
    }
}
