//! The caseworker's and the reviewer's pages, as a browser without script sends and reads them. The stories in a real
//! browser are told in `browser` and `ending`.

pub(crate) mod browser;
mod changing;
mod ending;
mod standing;

use std::time::{Duration, Instant};

use api::policy::Role;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::{Answer, Site};
use tests::world::{Someone, World};

use crate::people::{met, record, says, visit_of};

/// Somebody in front of the pages.
struct Reader<'a> {
    site: &'a Site,
    token: String,
}

impl<'a> Reader<'a> {
    async fn of(world: &World, site: &'a Site, role: Role, society: &str) -> Self {
        let who = world.someone(role, society, Some("Market")).await;
        Self::at(world, site, &who).await
    }

    async fn at(world: &World, site: &'a Site, who: &Someone) -> Self {
        Self { site, token: world.token(who).await }
    }

    fn get(&self, path: &str) -> Answer {
        tokio::task::block_in_place(|| self.site.send("GET", path, Some(&self.token), None))
    }

    fn page(&self, path: &str) -> String {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        page.body
    }

    fn post(&self, path: &str, typed: &str) -> Answer {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        tokio::task::block_in_place(|| {
            self.site.send_raw("POST", path, Some(&self.token), &kind, Some(typed.as_bytes()))
        })
    }

    /// Sends a form that is taken; gives where it leads.
    fn goes(&self, path: &str, typed: &str) -> String {
        let answer = self.post(path, typed);
        assert_eq!(answer.status, 303, "{path} {typed}: {}", answer.body);
        answer.header("location").unwrap().to_owned()
    }

    fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        let sent =
            tokio::task::block_in_place(|| self.site.send(method, path, Some(&self.token), Some(&body)));
        assert!((200..300).contains(&sent.status), "{path}: {} {}", sent.status, sent.body);
        sent
    }

    /// The candidates' pages that a page links to, once there are so many.
    fn candidates(&self, path: &str, wanted: usize) -> Vec<String> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let page = self.page(path);
            let links: Vec<String> = page
                .split("href=\"")
                .filter(|piece| piece.starts_with("/candidates/"))
                .map(|piece| piece.split('"').next().unwrap().to_owned())
                .collect();
            if links.len() == wanted {
                return links;
            }
            assert!(Instant::now() < until, "{} candidates, not {wanted}: {page}", links.len());
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// The answer to a search, once the index has followed as far as so many.
    fn finds(&self, asked: &str, wanted: usize) -> String {
        let persons = if wanted == 1 { "1 person who".to_owned() } else { format!("{wanted} persons who") };
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let page = self.post("/search", asked);
            assert_eq!(page.status, 200, "{}", page.body);
            if page.body.contains(&format!("{persons} may fit")) {
                return page.body;
            }
            assert!(Instant::now() < until, "{}", page.body);
            std::thread::sleep(Duration::from_millis(150));
        }
    }

    /// Opens a request on the page for Amina, to be searched at once.
    fn opens(&self) -> String {
        let location = self.goes("/requests", OPENING);
        location.strip_suffix("?done=opened").unwrap().to_owned()
    }
}

const OPENING: &str = "channel=telephone&interview_language=so&enquirer.given_names=Halima\
    &enquirer.phones.0=%2B254700111222&safe_contact.times=after+six&safe_contact.may_leave_message=on\
    &sought.0.relation=daughter&sought.0.person.given_names=Amina&sought.0.person.family_names=Warsame\
    &sought.0.person.father_name=Abdi&sought.0.person.sex=female&sought.0.person.birth.date=1999-04-12&begin=search";

fn amina() -> Value {
    json!({
        "given_names": "Amina", "family_names": "Warsame", "father_name": "Abdi", "sex": "female",
        "birth": {"date": "1999-04-12"}, "original_script_name": "أمينة ورسمة",
    })
}

/// The address a candidate's link leads to, with a deed instead of the page.
fn press(link: &str, deed: &str) -> String {
    let (page, from) = link.split_once('?').unwrap();
    format!("{page}/{deed}?{from}")
}

/// The version that the forms of a page carry.
fn version(page: &str) -> &str {
    page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap()
}

both_databases! {
    async fn two_people_decide_on_pages_and_each_comes_back_to_their_list(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let caseworker = Reader::of(&world, &site, Role::Caseworker, "Kenya").await;
        let reviewer = Reader::of(&world, &site, Role::Reviewer, "Kenya").await;
        let found = met(&world.core, &intake, amina()).await;
        let request = caseworker.opens();
        let opened = caseworker.page(&format!("{request}?done=opened"));
        assert!(opened.contains("The request is open.") && opened.contains("after six"));
        assert!(opened.contains("hidden: your role does not open this"), "protection is hidden, not empty");

        let link = caseworker.candidates(&request, 1).remove(0);
        let page = caseworker.page(&link);
        for words in ["same name", "same date of birth", "speaks strongly for it", "أمينة ورسمة"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(page.contains("/propose?") && page.contains("/reject?"));
        assert!(!page.contains("/confirm?") && !page.contains("/verify?"), "not the caseworker's to decide");
        let form = format!("version={}&note=looks+right", version(&page));
        let back = caseworker.goes(&press(&link, "propose"), &form);
        assert_eq!(back, format!("{request}?done=propose"));
        assert!(caseworker.page(&back).contains("It now waits for a second person."));
        let stale = caseworker.post(&press(&link, "propose"), &form);
        assert_eq!(stale.status, 422, "the same press again is no second deed");
        assert!(stale.body.contains("Somebody has changed this meanwhile."));
        assert!(stale.body.contains("looks right"), "and what was typed is still there");

        let link = reviewer.candidates("/review", 1).remove(0);
        let page = reviewer.page(&link);
        assert!(page.contains("/confirm?") && !page.contains("/propose?") && !page.contains("/verify?"));
        let form = format!("version={}&note=", version(&page));
        let back = reviewer.goes(&press(&link, "confirm"), &form);
        assert_eq!(back, "/review?queue=confirmation&done=confirm");
        assert!(reviewer.page(&back).contains("It now waits for the check of the relation."));
        let link = reviewer.candidates("/review?queue=verification", 1).remove(0);
        let unchecked = format!("version={}&note=both+heard&checks.documents_checked=on", version(&reviewer.page(&link)));
        let refused = reviewer.post(&press(&link, "verify"), &unchecked);
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("both heard"));
        assert!(refused.body.contains("name=\"checks.documents_checked\" checked"), "{}", refused.body);
        let checked = format!("{unchecked}&checks.enquirer_interviewed=on&checks.found_person_interviewed=on");
        assert_eq!(reviewer.goes(&press(&link, "verify"), &checked), "/review?queue=verification&done=verify");

        let link = caseworker.candidates(&request, 1).remove(0);
        let page = caseworker.page(&link);
        assert!(page.contains("has not agreed to have anything told") && !page.contains("/release?"));
        let desk = Reader::at(&world, &site, &intake).await;
        let consents = format!("/api/v1/people/{found}/consents");
        desk.send("POST", &consents, says("share_safe_and_well_only", "given"));
        let page = caseworker.page(&link);
        assert!(page.contains("share_safe_and_well_only") && !page.contains("share_location_with_enquirer"));
        let form = format!("version={}&kind=share_safe_and_well_only", version(&page));
        caseworker.goes(&press(&link, "release"), &form);
        assert!(caseworker.page(&request).contains("Your relative has let you know: safe and well."));

        let form = format!("version={}&reason=decided_too_early&note=", version(&caseworker.page(&link)));
        caseworker.goes(&press(&link, "undo"), &form);
        let page = caseworker.page(&link);
        assert!(page.contains("taken back") && page.contains("Decided too early") && page.contains("looks right"));
    }

    async fn what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(world: World) {
        let site = Site::open(&world);
        let caseworker = Reader::of(&world, &site, Role::Caseworker, "Kenya").await;
        world.society("Uganda").await;
        let typed = OPENING.replace("1999-04-12", "1999-02-31");
        // A blank row between two filled ones is no sought person; problems still name the row that was typed in.
        let typed = format!(
            "{typed}&sought.1.relation=&sought.1.person.given_names=&sought.2.relation=\
             &sought.2.person.given_names=Yusuf&sought.2.last_contact.on=&circulation.0.society=&circulation.0.rule=\
             &blocked_countries=ERI+XYZ"
        );
        let again = caseworker.post("/requests", &typed);
        assert_eq!(again.status, 422, "{}", again.body);
        assert!(again.body.contains("id=\"sought.2.relation-problem\""), "{}", again.body);
        let typed = typed.replace("sought.2.relation=", "sought.2.relation=son");
        let again = caseworker.post("/requests", &typed);
        assert_eq!(again.status, 422);
        for expected in [
            "id=\"sought.0.person.birth.date-problem\"",
            "id=\"blocked_countries-problem\"",
            "value=\"1999-02-31\"",
            "value=\"Halima\"",
            "value=\"Yusuf\"",
            "value=\"ERI XYZ\"",
            "value=\"after six\"",
            "value=\"telephone\" selected",
            "name=\"safe_contact.may_leave_message\" checked",
        ] {
            assert!(again.body.contains(expected), "{expected}: {}", again.body);
        }
        assert!(!again.body.contains("name=\"sought.3."), "as many rows as were sent");
        let longer = caseworker.post("/requests/new", &typed);
        assert_eq!(longer.status, 200, "{}", longer.body);
        assert!(longer.body.contains("name=\"sought.3.relation\"") && longer.body.contains("value=\"Yusuf\""));
        assert!(caseworker.page("/requests").contains("There is no request."), "nothing was half-written");

        let mended = typed.replace("1999-02-31", "1999-02-28").replace("ERI+XYZ", "ERI");
        let request = caseworker.goes("/requests", &mended);
        let page = caseworker.page(&request);
        assert!(page.contains("Amina") && page.contains("Yusuf") && page.contains("Sought person 2"));
        let steps = request.replace("?done=opened", "/steps");
        let page = caseworker.page(&steps);
        assert!(page.contains("ERI"));
        let close = steps.replace("/steps", "/close");
        let told = format!(
            "version={}&outcome=located_declines_contact&told=contact_restored&note=she+said+no",
            version(&page)
        );
        let refused = caseworker.post(&close, &told);
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("id=\"told-problem\"") && refused.body.contains("she said no"));
        let told = told.replace("contact_restored", "search_continues");
        let back = caseworker.goes(&close, &told);
        let page = caseworker.page(&back);
        assert!(page.contains("Found, does not wish contact") && page.contains("The search continues."));
    }

    async fn steps_and_deeds_on_a_request_are_pressed_and_written_down(world: World) {
        let site = Site::open(&world);
        let caseworker = Reader::of(&world, &site, Role::Caseworker, "Kenya").await;
        let reviewer = Reader::of(&world, &site, Role::Reviewer, "Kenya").await;
        let draft = OPENING.replace("begin=search", "begin=assess&circumstances.concerns=debt_or_payment");
        let opened = caseworker.goes("/requests", &draft);
        let request = opened.strip_suffix("?done=opened").unwrap();
        let page = caseworker.page(request);
        assert!(page.contains("Somebody hesitated over this request."));
        let moved = caseworker.goes(&format!("{request}/state"), "version=1&to=pre_case");
        assert_eq!(moved, format!("{request}?done=moved"));
        let held = caseworker.post(&format!("{request}/state"), "version=2&to=accepted");
        assert_eq!(held.status, 422);
        assert!(held.body.contains("possible conflict of interest"));
        let steps = reviewer.page(&format!("{request}/steps"));
        assert!(steps.contains("/conflict-cleared") && !steps.contains("action=\"/requests/{id}/close"));
        assert!(!caseworker.page(&format!("{request}/steps")).contains("/conflict-cleared"));
        reviewer.goes(&format!("{request}/conflict-cleared"), "version=2");
        caseworker.goes(&format!("{request}/state"), "version=3&to=accepted");
        caseworker.goes(&format!("{request}/state"), "version=4&to=searching");
        let paused = caseworker.post(&format!("{request}/state"), "version=5&to=suspended&reason=");
        assert_eq!(paused.status, 422);
        assert!(paused.body.contains("id=\"reason-problem\""), "{}", paused.body);
        let acted = "kind=visit_last_address&result=pending&note=nobody+home&next_contact_due=2026-02-30";
        let wrong = caseworker.post(&format!("{request}/actions"), acted);
        assert_eq!(wrong.status, 422);
        assert!(wrong.body.contains("nobody home") && wrong.body.contains("id=\"next_contact_due-problem\""));
        caseworker.goes(&format!("{request}/actions"), &acted.replace("02-30", "04-01"));
        let steps = caseworker.page(&format!("{request}/steps?done=noted"));
        assert!(steps.contains("Visit to the last address") && steps.contains("nobody home"));
        let again = caseworker.goes(&format!("{request}/search"), "");
        assert!(caseworker.page(&again).contains("being compared once more"));
    }

    async fn a_death_is_stated_on_one_page_and_confirmed_on_another_persons(world: World) {
        let site = Site::open(&world);
        let caseworker = Reader::of(&world, &site, Role::Caseworker, "Kenya").await;
        let reviewer = Reader::of(&world, &site, Role::Reviewer, "Kenya").await;
        let request = caseworker.opens();
        let (close, steps) = (format!("{request}/close"), format!("{request}/steps"));
        let now = || version(&caseworker.page(&steps)).to_owned();
        let form = |source: &str| {
            let version = now();
            format!(
                "version={version}&outcome=fate_clarified_deceased&told=told_in_person&source={source}\
                 &confidence=told_by_witness"
            )
        };
        let unsaid = form("the+hospital").replace("source=the+hospital", "source=").replace("told_by_witness", "");
        let unsaid = caseworker.post(&close, &unsaid);
        assert_eq!(unsaid.status, 422);
        for field in ["source", "confidence"] {
            assert!(unsaid.body.contains(&format!("id=\"{field}-problem\"")), "{field}: {}", unsaid.body);
        }
        let unended = caseworker.post(&close, &form("the+hospital").replace("fate_clarified_deceased", ""));
        assert!(unended.status == 422 && unended.body.contains("id=\"outcome-problem\""), "{}", unended.body);
        let unsourced = caseworker.post(&close, &form(""));
        assert!(unsourced.body.contains("value=\"told_by_witness\" selected"), "what was chosen is kept");
        let back = caseworker.goes(&close, &form("the+hospital"));
        assert!(caseworker.page(&back).contains("until then the enquirer hears that the search continues"));
        let page = caseworker.page(&steps);
        assert!(page.contains("the hospital") && !page.contains("/ending-confirmed") && !page.contains("/close\""));

        assert!(reviewer.page("/review").contains("href=\"/requests?ending=waiting\""));
        let queue = reviewer.page("/requests?ending=waiting");
        assert!(queue.contains(&format!("href=\"{request}\"")) && queue.contains("waits to be confirmed"), "{queue}");
        let page = reviewer.page(&steps);
        for words in ["the hospital", "Has died", "An eyewitness told them"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let unsaid = format!("version={}&reason=", now());
        let unsaid = reviewer.post(&format!("{request}/ending-sent-back"), &unsaid);
        assert!(unsaid.status == 422 && unsaid.body.contains("href=\"#reason\"") && unsaid.body.contains("id=\"reason\""), "{}", unsaid.body);
        let back = format!("version={}&reason=which+hospital", now());
        let back = reviewer.goes(&format!("{request}/ending-sent-back"), &back);
        assert!(reviewer.page(&back).contains("It is sent back, with your reason."));
        assert!(caseworker.page(&request).contains(&format!("{steps}#actions")), "it came back, and why is told there");
        assert!(caseworker.page(&steps).contains("which hospital"));
        caseworker.goes(&close, &form("the+hospital+of+Garissa"));
        let back = reviewer.goes(&format!("{request}/ending-confirmed"), &format!("version={}", now()));
        let page = reviewer.page(&back);
        assert!(page.contains("It is confirmed, and the request is closed.") && page.contains("Has died"), "{page}");
        assert!(!caseworker.page(&request).contains("#actions"), "what came back before is settled");
        assert!(reviewer.page("/requests?ending=waiting").contains("There is no request."));
    }

    async fn a_search_is_sent_in_the_body_and_answers_with_reasons(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let caseworker = Reader::of(&world, &site, Role::Caseworker, "Kenya").await;
        met(&world.core, &intake, amina()).await;
        assert!(caseworker.page("/search").contains("name=\"person.given_names\""));
        let asked = "person.given_names=Aamina&nickname=Mina&person.family_names=Warsame&person.birth.date=";
        let page = caseworker.finds(asked, 1);
        assert!(page.contains("value=\"Aamina\"") && page.contains("Abdi"), "{page}");
        let wrong = caseworker.post("/search", "person.given_names=Amina&person.birth.date=1999-02-31");
        assert_eq!(wrong.status, 422);
        assert!(wrong.body.contains("id=\"person.birth.date-problem\"") && wrong.body.contains("value=\"Amina\""));
        let nobody = caseworker.post("/search", "person.sex=female");
        assert_eq!(nobody.status, 422);
        assert!(nobody.body.contains("id=\"person.given_names-problem\""), "{}", nobody.body);
    }

    async fn somebody_else_who_fits_as_well_is_told_of_beside_the_reasons(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let caseworker = Reader::of(&world, &site, Role::Caseworker, "Kenya").await;
        let finds = |count: usize| caseworker.finds("person.given_names=Amina&person.family_names=Warsame", count);
        let person = |father: &str, year: &str| json!({"given_names": "Amina", "family_names": "Warsame", "father_name": father, "birth": {"date": year}});
        met(&world.core, &intake, person("Abdi", "1999")).await;
        let alone = finds(1);
        assert!(alone.contains("Others found") && alone.contains("no other record you can read fits as well"), "{alone}");
        met(&world.core, &intake, person("Yusuf", "1984")).await;
        let beside = finds(2);
        assert_eq!(beside.matches("others found fit as well").count(), 2, "{beside}");
        assert!(!beside.contains("no other record you can read fits as well"));
    }

    async fn how_well_another_societys_record_fits_is_not_to_be_read_off_ones_own(world: World) {
        let site = Site::open(&world);
        let ours = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let theirs = world.someone(Role::Intake, "Uganda", Some("Border")).await;
        let caseworker = Reader::of(&world, &site, Role::Caseworker, "Kenya").await;
        let person = |father: &str, year: &str| json!({"given_names": "Amina", "family_names": "Warsame", "father_name": father, "birth": {"date": year}});
        met(&world.core, &ours, person("Abdi", "1999")).await;
        let mut visit = visit_of(person("Yusuf", "1984"));
        visit["consents"].as_array_mut().unwrap().push(says("share_within_network", "given"));
        record(&world.core, &theirs, visit).await;
        let found = caseworker.finds("person.given_names=Amina&person.family_names=Warsame", 2);
        assert!(found.contains("Met by another society"), "{found}");
        assert!(found.contains("no other record you can read fits as well"), "{found}");
        assert!(!found.contains("others found"), "{found}");
    }

    async fn another_societys_record_shows_number_state_and_office_until_access_is_granted(world: World) {
        let site = Site::open(&world);
        let theirs = world.someone(Role::Intake, "Uganda", Some("Border")).await;
        let caseworker = Reader::of(&world, &site, Role::Caseworker, "Kenya").await;
        let reviewer = Reader::of(&world, &site, Role::Reviewer, "Uganda").await;
        let mut visit = visit_of(amina());
        visit["consents"].as_array_mut().unwrap().push(says("share_within_network", "given"));
        record(&world.core, &theirs, visit).await;
        let uganda = world.society("Uganda").await;
        let allowing = format!("{OPENING}&circulation.0.society={uganda}&circulation.0.rule=allow");
        let opened = caseworker.goes("/requests", &allowing);
        let request = opened.strip_suffix("?done=opened").unwrap();
        let link = caseworker.candidates(request, 1).remove(0);
        let search = caseworker.post("/search", "person.given_names=Amina&person.family_names=Warsame").body;
        for page in [caseworker.page(request), caseworker.page(&link), search] {
            assert!(page.contains("Uganda") && page.contains("Met by another society"));
            for secret in ["أمينة", "same name", "class=\"evidence\"", " %</bdi>", "Strong"] {
                assert!(!page.contains(secret), "{secret}: {page}");
            }
        }
        let page = caseworker.page(&link);
        assert!(!page.contains("/propose?") && page.contains("/access?"));
        caseworker.goes(&press(&link, "access"), &format!("version={}", version(&page)));
        assert!(caseworker.page(request).contains("access asked"));

        let wishes = reviewer.page("/access-requests");
        assert!(wishes.contains("Kenya") && !wishes.contains("Halima") && !wishes.contains("Amina"));
        let wish = wishes.split("action=\"/access-requests/").nth(1).unwrap().split('"').next().unwrap();
        let answer = format!("version={}&grant=yes", version(&wishes));
        let back = reviewer.goes(&format!("/access-requests/{wish}"), &answer);
        assert!(reviewer.page(&back).contains("They may see the record now."));
        let page = caseworker.page(&link);
        assert!(page.contains("أمينة") && page.contains("same name") && page.contains("/propose?"));
    }

    async fn a_restricted_person_is_on_no_page_of_those_outside_the_team(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let officer = Reader::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let caseworker = Reader::of(&world, &site, Role::Caseworker, "Kenya").await;
        let found = met(&world.core, &intake, amina()).await;
        let request = caseworker.opens();
        let link = caseworker.candidates(&request, 1).remove(0);
        let page = caseworker.page(&link);
        let body = json!({"version": 1, "restricted": true, "team": []});
        officer.send("PUT", &format!("/api/v1/people/{found}/restriction"), body);
        caseworker.candidates(&request, 0);
        let unknown = caseworker.get("/candidates/cand_0190a0b0c0d07000800000000000dead");
        let hidden = caseworker.get(link.split('?').next().unwrap());
        assert_eq!((hidden.status, unknown.status), (404, 404));
        let form = format!("version={}&note=", version(&page));
        assert_eq!(caseworker.post(&press(&link, "propose"), &form).status, 404);
        let search = caseworker.post("/search", "person.given_names=Amina&person.family_names=Warsame");
        assert!(search.body.contains("Nobody met so far fits"), "{}", search.body);
    }
}
