//! The description of the interface as somebody meets it who writes a program against it: each operation says what it
//! does, what it takes, what it answers, and how it may refuse.

use std::collections::BTreeSet;

use serde_json::Value;

/// What makes something and takes no `Idempotency-Key`, and why.
const WITHOUT_KEY: [(&str, &str); 3] = [
    (
        "/api/v1/accounts",
        "the answer holds a code that is shown once and kept nowhere; a login is taken once",
    ),
    ("/api/v1/consent-texts", "the same words again are one more version of them"),
    ("/api/v1/requests/{id}/actions", "a note written twice is seen and harms nobody"),
];

/// Every operation: method, path, and what is said of it.
fn operations() -> Vec<(String, String, Value)> {
    let description = serde_json::to_value(api::app::description()).unwrap();
    let paths = description["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(|(method, said)| (method.clone(), path.clone(), said.clone()))
    });
    operations.filter(|(method, ..)| method.len() <= 6).collect()
}

/// What is missing of one operation.
fn missing(method: &str, path: &str, said: &Value) -> Vec<String> {
    let mut missing = Vec::new();
    let mut want = |there: bool, what: &str| {
        if !there {
            missing.push(format!("{} {path}: {what}", method.to_uppercase()));
        }
    };
    let text = |value: &Value| value.as_str().is_some_and(|text| text.len() > 4);
    let answers = said["responses"].as_object().unwrap();
    let refuses = |status: &str| {
        answers.get(status).is_some_and(|answer| {
            answer["content"]["application/problem+json"]["schema"].is_object()
                && text(&answer["description"])
        })
    };
    let parameters = said["parameters"].as_array().cloned().unwrap_or_default();
    let parameter = |name: &str, place: &str| {
        parameters.iter().any(|parameter| parameter["name"] == name && parameter["in"] == place)
    };
    want(text(&said["summary"]), "no summary");
    want(answers.keys().any(|status| status.starts_with('2')), "no answer when it goes well");
    let open = said["security"]
        .as_array()
        .is_some_and(|ways| ways.iter().any(|way| way == &Value::from(serde_json::Map::new())));
    if !open {
        for status in ["401", "403", "429", "503"] {
            want(refuses(status), &format!("no {status}"));
        }
    }
    if path.contains("{id}") {
        want(refuses("404"), "no 404 for a record");
        want(parameter("id", "path"), "the id is no parameter");
    }
    if let Some(body) = said.get("requestBody") {
        for status in ["413", "415", "422"] {
            want(refuses(status), &format!("no {status} for a body"));
        }
        want(body["content"]["application/json"]["schema"].is_object(), "the body has no schema");
        if !open {
            want(refuses("409"), "no 409 for a deed");
        }
    }
    for (status, answer) in answers.iter().filter(|(status, _)| ["200", "201"].contains(&status.as_str())) {
        let shown = answer["content"].as_object().is_some_and(|kinds| !kinds.is_empty());
        want(shown || path.ends_with("openapi.json"), &format!("{status} has no schema"));
        let schema = answer["content"]["application/json"]["schema"].to_string();
        if method == "get" && schema.contains("/Page_") {
            want(parameter("after", "query"), "a list in pages without `after`");
        }
        if status == "201" {
            let keyed = parameter("Idempotency-Key", "header");
            want(
                keyed != WITHOUT_KEY.iter().any(|(known, _)| *known == path),
                "Idempotency-Key: agreed otherwise",
            );
        }
    }
    missing
}

#[test]
fn every_operation_says_what_it_does_and_how_it_refuses() {
    let operations = operations();
    assert!(operations.len() > 60, "{}", operations.len());
    let found: Vec<_> =
        operations.iter().flat_map(|(method, path, said)| missing(method, path, said)).collect();
    assert!(found.is_empty(), "\n  {}", found.join("\n  "));
    let names: BTreeSet<_> = operations.iter().map(|(.., said)| said["operationId"].to_string()).collect();
    assert_eq!(names.len(), operations.len(), "two operations share a name");
}

#[test]
fn an_operation_that_says_nothing_is_noticed() {
    let silent = serde_json::json!({"responses": {"200": {"description": ""}}});
    let found = missing("get", "/api/v1/people/{id}", &silent);
    for what in ["no summary", "no 401", "no 404 for a record", "the id is no parameter", "200 has no schema"]
    {
        assert!(found.iter().any(|missing| missing.ends_with(what)), "{what}: {found:?}");
    }
}
