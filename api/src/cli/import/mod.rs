//! `relink import`: contacts and tracing requests from files, in batches, each batch one transaction together with how
//! far the file was read. A killed import goes on where it stopped: nothing lost, nothing doubled.

mod reader;
