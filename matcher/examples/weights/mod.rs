//! The weights that learning starts from.

use std::error::Error;

use matcher::Model;

/// The shipped model, the untaught one, or the one in the file `MODEL` names.
pub(crate) fn model() -> Result<Model, Box<dyn Error>> {
    match std::env::var("MODEL") {
        Ok(name) if name == "untaught" => Ok(Model::untaught()),
        Ok(path) => {
            let text = std::fs::read_to_string(&path);
            let text = text.map_err(|error| format!("MODEL={path} cannot be read: {error}"))?;
            Ok(Model::parse(&text)?)
        }
        Err(_) => Ok(Model::shipped()),
    }
}
