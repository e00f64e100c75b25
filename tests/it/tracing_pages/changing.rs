//! What changes after a request was opened, on pages: who holds it, who somebody is, and what the family says.

use api::policy::Role;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;

use super::{OPENING, Reader, amina};
use crate::people::{met, says};

/// Names and values.
type Fields = Vec<(String, String)>;

/// What a browser would send of the page's form with this action, if nobody touched it.
fn untouched(page: &str, action: &str) -> Fields {
    let form =
        page.split(&format!("action=\"{action}\"")).nth(1).unwrap_or_else(|| panic!("no form {action}"));
    let form = form.split("</form>").next().unwrap();
    let plain = |text: &str| {
        text.replace("&#38;", "&")
            .replace("&#39;", "'")
            .replace("&#34;", "\"")
            .replace("&#60;", "<")
            .replace("&#62;", ">")
    };
    let of = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(plain(rest.split('"').next().unwrap()))
    };
    let mut fields = Fields::new();
    for piece in form.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        let is = |name: &str| tag == name || tag.starts_with(&format!("{name} "));
        if is("input") {
            let boxed = of(tag, "type").as_deref() == Some("checkbox");
            if !boxed || tag.ends_with(" checked") {
                let value = of(tag, "value").unwrap_or_else(|| "on".to_owned());
                fields.push((of(tag, "name").unwrap(), value));
            }
        } else if is("select") {
            fields.push((of(tag, "name").unwrap(), String::new()));
        } else if is("option") && tag.ends_with(" selected") {
            fields.last_mut().unwrap().1 = of(tag, "value").unwrap();
        } else if is("textarea") {
            // As browsers send line breaks.
            fields.push((of(tag, "name").unwrap(), plain(text).replace("\r\n", "\n").replace('\n', "\r\n")));
        }
    }
    fields
}

/// The same, with some fields typed anew; a field that is not on the page cannot be typed into.
fn typed(fields: &Fields, anew: &[(&str, &str)]) -> String {
    let mut fields = fields.clone();
    for (name, value) in anew {
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => field.1 = (*value).to_owned(),
            None => panic!("{name} is not on the page: {fields:?}"),
        }
    }
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(one).collect()
}

impl Reader<'_> {
    fn json(&self, path: &str) -> Value {
        let read = self.get(&format!("/api/v1{path}"));
        assert_eq!(read.status, 200, "{path}: {}", read.body);
        read.json()
    }
}

both_databases! {
    async fn a_reviewer_gives_a_request_to_a_colleague_and_the_page_says_who_holds_it(world: World) {
        let site = Site::open(&world);
        let opener = world.someone(Role::Caseworker, "Kenya", Some("Market")).await;
        let colleague = world.someone(Role::Caseworker, "Kenya", Some("Lodwar")).await;
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let stranger = world.someone(Role::Caseworker, "Uganda", None).await;
        let reviewer = Reader::of(&world, &site, Role::Reviewer, "Kenya").await;
        let first = Reader::at(&world, &site, &opener).await;
        let second = Reader::at(&world, &site, &colleague).await;
        let request = first.opens();
        let page = first.page(&request);
        assert!(page.contains("Held by") && page.contains(&opener.login) && !page.contains("/assignment"));
        let assignment = format!("{request}/assignment");
        assert_eq!(first.get(&assignment).status, 403, "whoever works on it does not hand it on");
        assert_eq!(second.get(&request).status, 404);

        assert!(reviewer.page(&request).contains(&format!("href=\"{assignment}\"")));
        let page = reviewer.page(&assignment);
        assert!(page.contains(&format!("{} (caseworker)", colleague.login)), "{page}");
        for other in [&intake.login, &stranger.login] {
            assert!(!page.contains(other.as_str()), "{other} cannot hold it");
        }
        let nobody = reviewer.post(&assignment, "account=");
        assert_eq!(nobody.status, 422);
        assert!(nobody.body.contains("id=\"account-problem\"") && nobody.body.contains("Please fill this in."));
        for other in [intake.account, stranger.account] {
            let refused = reviewer.post(&assignment, &format!("account={other}"));
            assert_eq!(refused.status, 422);
            assert!(refused.body.contains("This colleague cannot hold a request."), "{}", refused.body);
        }
        let back = reviewer.goes(&assignment, &format!("account={}", colleague.account));
        assert_eq!(back, format!("{request}?done=assigned"));
        let page = reviewer.page(&back);
        assert!(page.contains("The request has been given to a colleague."));
        assert!(page.contains(&opener.login) && page.contains(&colleague.login), "both hold it now");
        assert!(second.page(&request).contains("Amina"));

        let form = format!("account={}&remove=on", opener.account);
        assert_eq!(reviewer.goes(&assignment, &form), format!("{request}?done=unassigned"));
        assert_eq!(first.get(&request).status, 404);
        let held = second.json(&request)["held_by"].clone();
        assert_eq!(held, json!([{"account": colleague.account.to_string(), "login": colleague.login}]));
    }

    async fn a_name_that_was_misheard_is_mended_on_a_page_and_compared_again(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let caseworker = Reader::of(&world, &site, Role::Caseworker, "Kenya").await;
        met(&world.core, &intake, amina()).await;
        let misheard = OPENING
            .replace("given_names=Amina", "given_names=Tekle")
            .replace("family_names=Warsame", "family_names=Gebremedhin&sought.0.person.nationalities.0=SOM")
            .replace("1999-04-12", "1971");
        let opened = caseworker.goes("/requests", &misheard);
        let request = opened.strip_suffix("?done=opened").unwrap();
        let page = caseworker.page(request);
        assert!(page.contains("Somalia") && !page.contains(">SOM<"), "countries are called by name");
        let person = caseworker.json(request)["sought"][0]["person"].clone();
        let address = format!("/people/{}/edit?from={}", person["id"].as_str().unwrap(), &request[10..]);
        assert!(page.contains(&format!("href=\"{address}\"")), "{page}");

        let page = caseworker.page(&address);
        assert!(page.contains("value=\"Gebremedhin\"") && page.contains("<option value=\"SOM\">Somalia</option>"));
        assert!(!page.contains("protection"), "not the caseworker's to change");
        let fields = untouched(&page, &address);
        let same = caseworker.goes(&address, &typed(&fields, &[]));
        assert_eq!(same, format!("{request}?done=unchanged"));
        assert!(caseworker.page(&same).contains("Nothing was different"));
        let after = caseworker.json(request)["sought"][0]["person"].clone();
        assert_eq!(after["version"], person["version"], "sent back as it came, it changes nothing");

        // A row is left blank before the wrong one: the problem stands beside the row that was typed in.
        let wrong = typed(&fields, &[
            ("person.birth.date", "1999-02-31"),
            ("person.nationalities.0", ""),
            ("person.nationalities.1", "XYZ"),
            ("person.phones.0", "call me"),
        ]);
        let refused = caseworker.post(&address, &wrong);
        assert_eq!(refused.status, 422);
        for expected in [
            "id=\"person.birth.date-problem\"",
            "id=\"person.nationalities.1-problem\"",
            "id=\"person.phones.0-problem\"",
            "value=\"1999-02-31\"",
            "value=\"XYZ\"",
            "value=\"call me\"",
        ] {
            assert!(refused.body.contains(expected), "{expected}: {}", refused.body);
        }
        let arabic = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("cookie", "__Host-relink-language=ar"),
        ];
        let refused = tokio::task::block_in_place(|| {
            site.send_raw("POST", &address, Some(&caseworker.token), &arabic, Some(wrong.as_bytes()))
        });
        assert!(refused.body.contains("يُرجى كتابة رمز البلد"), "{}", refused.body);

        let mended = typed(&fields, &[
            ("person.given_names", "Amina"),
            ("person.family_names", "Warsame"),
            ("person.birth.date", "1999-04"),
            ("person.other_names.0.name", "Mina"),
            ("person.other_names.0.kind", "nickname"),
            ("person.nationalities.0", ""),
        ]);
        let back = caseworker.goes(&address, &mended);
        assert_eq!(back, format!("{request}?done=changed"));
        let page = caseworker.page(&back);
        assert!(page.contains("The change is saved.") && page.contains("April 1999") && page.contains("Mina"));
        assert!(!page.contains("Somalia") && page.contains("Abdi"), "emptied is gone, untouched has stayed");
        caseworker.candidates(request, 1);

        let late = caseworker.post(&address, &mended);
        assert_eq!(late.status, 422);
        assert!(late.body.contains("Somebody has changed this meanwhile.") && late.body.contains("See what stands now"));
    }

    async fn whoever_makes_a_child_of_somebody_reads_that_their_consents_have_ended(world: World) {
        let site = Site::open(&world);
        let caseworker = Reader::of(&world, &site, Role::Caseworker, "Kenya").await;
        let opened = caseworker.goes("/requests", OPENING);
        let request = opened.strip_suffix("?done=opened").unwrap();
        let enquirer = caseworker.json(request)["enquirer"]["id"].as_str().unwrap().to_owned();
        let consents = format!("/api/v1/people/{enquirer}/consents");
        let agreed = tokio::task::block_in_place(|| {
            site.send("POST", &consents, Some(&caseworker.token), Some(&says("collect_and_store", "given")))
        });
        assert_eq!(agreed.status, 201, "{}", agreed.body);
        let plain = format!("/people/{enquirer}/edit");
        let born = |address: &str, day: &str| {
            let page = caseworker.page(address);
            caseworker.goes(address, &typed(&untouched(&page, address), &[("person.birth.date", day)]))
        };
        assert_eq!(born(&plain, "1970-05-02"), format!("{plain}?done=changed"));
        let address = format!("{plain}?from={}", &request[10..]);
        let back = born(&address, "2017-05-02");
        assert_eq!(back, format!("{request}?done=consents_ended"));
        let page = caseworker.page(&back);
        assert!(page.contains("those consents have ended") && page.contains("is asked anew"), "{page}");
        assert_eq!(born(&plain, "1970-05-02"), format!("{plain}?done=changed"), "nothing ends twice");
        assert!(caseworker.page(&format!("{plain}?done=consents_ended")).contains("those consents have ended"));
    }

    async fn what_the_family_says_is_changed_part_by_part_and_raises_no_concern_twice(world: World) {
        let site = Site::open(&world);
        let caseworker = Reader::of(&world, &site, Role::Caseworker, "Kenya").await;
        let reviewer = Reader::of(&world, &site, Role::Reviewer, "Kenya").await;
        let told = "circumstances.concerns=debt_or_payment&circumstances.story=They+parted%0D%0Aat+night.";
        let opened = caseworker.goes("/requests", &OPENING.replace("begin=search", told));
        let request = opened.strip_suffix("?done=opened").unwrap();
        reviewer.goes(&format!("{request}/conflict-cleared"), &format!("version={}", caseworker.json(request)["version"]));
        let address = format!("{request}/edit");
        assert!(caseworker.page(request).contains(&format!("href=\"{address}\"")));
        assert!(!reviewer.page(request).contains("/edit"), "a reviewer changes nothing here");
        let case = caseworker.json(request);
        assert_eq!(case["conflict"], "cleared");

        let page = caseworker.page(&address);
        assert!(page.contains("value=\"after six\"") && page.contains("sends the request to a reviewer again"));
        let fields = untouched(&page, &address);
        let same = caseworker.goes(&address, &typed(&fields, &[]));
        assert_eq!(same, format!("{request}?done=unchanged"));
        assert_eq!(caseworker.json(request), case, "sent back as it came, it changes nothing");

        let way = [
            ("sought.0.last_place.name", "Agadez"),
            ("sought.0.last_place.country", "NER"),
            ("sought.0.last_contact.on", "2025-11"),
            ("sought.0.last_contact.source", "witness"),
            ("sought.0.journey.destination.name", "Tripoli"),
            ("sought.0.journey.route.1.name", "Dirkou"),
            ("sought.0.journey.companions.1.name", "Yusuf Warsame"),
            ("sought.0.journey.companions.1.relation", "brother"),
            ("next_contact_due", "2026-05-01"),
        ];
        let mut wrong = way;
        wrong[1].1 = "NIG";
        wrong[2].1 = "2027";
        wrong[7].1 = "";
        let refused = caseworker.post(&address, &typed(&fields, &wrong));
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("id=\"sought.0.journey.companions.1.relation-problem\""), "{}", refused.body);
        wrong[7].1 = "brother";
        let refused = caseworker.post(&address, &typed(&fields, &wrong));
        for expected in [
            "id=\"sought.0.last_place.country-problem\"",
            "id=\"sought.0.last_contact.on-problem\"",
            "value=\"Yusuf Warsame\"",
        ] {
            assert!(refused.body.contains(expected), "{expected}: {}", refused.body);
        }
        let back = caseworker.goes(&address, &typed(&fields, &way));
        assert_eq!(back, format!("{request}?done=changed"));
        let page = caseworker.page(&back);
        for words in ["Agadez, Niger", "November 2025", "a witness", "Tripoli", "Dirkou", "Yusuf Warsame (brother)", "1 May 2026"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let now = caseworker.json(request);
        assert_eq!(now["conflict"], "cleared", "nothing was said of what happened");
        assert_eq!(now["circumstances"], case["circumstances"]);
        assert_eq!(now["version"], case["version"].as_i64().unwrap() + 1);
        let late = caseworker.post(&address, &typed(&fields, &way));
        assert_eq!(late.status, 422);
        assert!(late.body.contains("Somebody has changed this meanwhile.") && late.body.contains("value=\"Agadez\""));

        let fields = untouched(&caseworker.page(&address), &address);
        let undated = caseworker.post(&address, &typed(&fields, &[("next_contact_due", "")]));
        assert_eq!(undated.status, 422);
        assert!(undated.body.contains("id=\"next_contact_due-problem\""));
        let emptied = [("sought.0.last_place.name", ""), ("sought.0.last_place.country", ""), ("sought.0.journey.route.0.name", "")];
        caseworker.goes(&address, &typed(&fields, &emptied));
        let page = caseworker.page(request);
        assert!(!page.contains("Agadez") && !page.contains("Dirkou") && page.contains("Yusuf Warsame (brother)"));

        let fields = untouched(&caseworker.page(&address), &address);
        caseworker.goes(&address, &typed(&fields, &[("circumstances.story", "They parted over money.")]));
        assert_eq!(caseworker.json(request)["conflict"], "flagged", "a reviewer looks again");
        let close = format!("version={}&outcome=enquirer_withdrew&told=search_ended", caseworker.json(request)["version"]);
        caseworker.goes(&format!("{request}/close"), &close);
        assert!(!caseworker.page(request).contains("/edit"), "what has ended is opened again first");
    }
}
