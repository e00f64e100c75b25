//! How a case ends: two more people decide and decide again, another society is let in, the family is told, the file is
//! closed, the referral is followed up, and everybody reads what they may.

use benches::corpus::Person;
use serde_json::{Value, json};

use super::{Case, Office, Pen, request, yes};

impl Case {
    pub fn end(self, office: &Office<'_>, people: &[&Person], number: usize) -> Self {
        let Self { words, codes, named, person, contact, request, candidate, referral } = self;
        let mut pen = Pen { people, number, words, codes };
        decisions(office, &mut pen, &candidate);
        asked_from_elsewhere(office, &mut pen, &named);
        office.post("desk", &format!("/api/v1/people/{person}/consents"), yes("share_safe_and_well_only"));
        office.decide("caseworker", &candidate, "release", json!({"kind": "share_safe_and_well_only"}));
        closing(office, &mut pen, &request);
        service(office, &mut pen, &referral);
        let Pen { words, codes, .. } = pen;
        let case = Self { words, codes, named, person, contact, request, candidate, referral };
        case.is_read(office);
        case
    }

    /// Through programs and on pages: reading leaves lines in the log and rows in the audit log.
    fn is_read(&self, office: &Office<'_>) {
        let Self { person, contact, request, candidate, referral, .. } = self;
        for (who, path) in [
            ("officer", format!("/api/v1/people/{person}")),
            ("officer", format!("/api/v1/people/{person}/consents")),
            ("desk", format!("/api/v1/contacts/{contact}")),
            ("caseworker", format!("/api/v1/requests/{request}")),
            ("caseworker", format!("/api/v1/requests/{request}/actions")),
            ("caseworker", format!("/api/v1/requests/{request}/enquirer-status")),
            ("caseworker", format!("/requests/{request}")),
            ("caseworker", format!("/requests/{request}/steps")),
            ("reviewer", format!("/api/v1/candidates/{candidate}")),
            ("reviewer", format!("/api/v1/candidates/{candidate}/history")),
            ("reviewer", format!("/candidates/{candidate}")),
            ("officer", format!("/api/v1/referrals/{referral}")),
            ("officer", format!("/referrals/{referral}")),
        ] {
            let answer = office.send(who, "GET", &path, None);
            assert_eq!(answer.status, 200, "{path} as {who}: {}", answer.body);
        }
        let question = json!({"person": self.named});
        for (who, path, body) in [
            ("caseworker", "/api/v1/searches", &question),
            ("auditor", "/api/v1/audit/about-person", &json!({"person": person})),
            ("data protection", "/api/v1/file-accesses", &json!({"person": person})),
        ] {
            office.post(who, path, body.clone());
        }
    }
}

/// Confirmed, verified, taken back, and all of it once more: each with a word why.
fn decisions(office: &Office<'_>, pen: &mut Pen<'_>, candidate: &str) {
    let checks = json!({
        "enquirer_interviewed": true, "found_person_interviewed": true, "separate_facts_agree": true
    });
    for (who, deed, mut form, remark) in [
        ("reviewer", "confirm", json!({}), "agrees after a second look"),
        ("reviewer", "verify", json!({"checks": checks}), "named the same well"),
        ("reviewer", "undo", json!({"reason": "decided_too_early"}), "remembers another village"),
        ("caseworker", "propose", json!({}), "told of the burnt hand again"),
        ("reviewer", "confirm", json!({}), "was heard by both of us"),
        ("reviewer", "verify", json!({"checks": checks}), "drew the yard as it was"),
    ] {
        form["note"] = json!(pen.text("candidate_events.note_sealed", remark));
        office.decide(who, candidate, deed, form);
    }
}

/// Southland seeks the same person, asks to see more, and is let see it.
fn asked_from_elsewhere(office: &Office<'_>, pen: &mut Pen<'_>, named: &Value) {
    let them = "their caseworker";
    let theirs = office.search(them, request(pen, named));
    let candidate = office.candidate(them, &theirs);
    let allow = json!({"kind": "society", "recipient": office.northland, "rule": "allow"});
    let list = json!({"version": 4, "circulation": [allow]});
    office.done(them, "PUT", &format!("/api/v1/requests/{theirs}/circulation"), list);
    office.decide(them, &candidate, "access", json!({}));
    let asked = office.get("reviewer", "/api/v1/access-requests")["items"][0].clone();
    let path = format!("/api/v1/access-requests/{}", asked["id"].as_str().unwrap());
    office.post("reviewer", &path, json!({"version": asked["version"], "grant": true}));
    office.get(them, &format!("/api/v1/candidates/{candidate}"));
}

/// The true outcome for the file, and what the family hears: stated, sent back, stated again and confirmed.
fn closing(office: &Office<'_>, pen: &mut Pen<'_>, request: &str) {
    const OUTCOME: &str = "tracing_requests.outcome_sealed";
    let file = format!("/api/v1/requests/{request}");
    let version = office.get("caseworker", &file)["version"].clone();
    let form = json!({
        "version": version,
        "outcome": pen.choose(OUTCOME, "fate_clarified_deceased", json!("fate_clarified_deceased")),
        "note": pen.text(OUTCOME, "was buried beside the road"),
        "told": pen.choose("tracing_requests.told_sealed", "told_in_person", json!("told_in_person")),
    });
    const STATED: &str = "request_endings.stated_sealed";
    let mut stated = form.clone();
    stated["source"] = json!(pen.text(STATED, "was told by the gravedigger"));
    stated["confidence"] = pen.choose(STATED, "told_by_witness", json!("told_by_witness"));
    office.post("caseworker", &format!("{file}/close"), stated);
    let version = || office.get("reviewer", &file)["version"].clone();
    let reason = pen.text("request_actions.note_sealed", "needs a paper of the parish");
    office.post(
        "reviewer",
        &format!("{file}/ending-sent-back"),
        json!({"version": version(), "reason": reason}),
    );
    let mut again = form;
    again["version"] = version();
    again["source"] = json!(pen.text(STATED, "stands in the parish book"));
    again["confidence"] = pen.choose(STATED, "official_document", json!("official_document"));
    office.post("caseworker", &format!("{file}/close"), again);
    office.post("reviewer", &format!("{file}/ending-confirmed"), json!({"version": version()}));
}

/// The other society serves the person and says how; ours asks them afterwards.
fn service(office: &Office<'_>, pen: &mut Pen<'_>, referral: &str) {
    const NOTE: &str = "referral_events.note_sealed";
    let ended = pen.text("referrals.outcome_sealed", "was paid two months");
    let talk = pen.text(NOTE, "still fears the landlord");
    let answers = [
        ("accept", json!({})),
        ("start", json!({})),
        ("complete", json!({"outcome": {"code": "service_provided", "note": ended}})),
    ];
    for (version, (step, mut form)) in (4..).zip(answers) {
        form["step"] = json!(step);
        form["version"] = json!(version);
        office.post("their officer", &format!("/api/v1/referrals/{referral}/answers"), form);
    }
    let close = json!({
        "step": "close", "version": 7, "note": pen.text(NOTE, "was visited on the roof"),
        "follow_up": {"by": "phone", "on": "2024-05-01", "need_met": "yes", "note": talk},
    });
    office.post("officer", &format!("/api/v1/referrals/{referral}/steps"), close);
}
