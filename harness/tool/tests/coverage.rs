//! What the cases vary: every function of every proposal along every axis, and what a table that does not fit is told.

use crate::copy::{Copy, repository};
use std::path::Path;
use wasi_hw_harness::suite::Suite;
use wasi_hw_tool::axes;
use wasi_hw_tool::wit::Wit;

/// What is wrong with the tables below a root, held against the suite of this repository, and how many there are.
fn read(root: &Path) -> (Vec<String>, usize) {
    let suite = Suite::discover(repository());
    let wit = Wit::read(root).unwrap_or_else(|problems| panic!("{problems:?}"));
    let catalogue = wasi_hw_proof::catalogue();
    let defects: Vec<_> = catalogue.iter().map(|defect| defect.id).collect();
    let mut problems = Vec::new();
    let (axes, tables) = axes::read(root, &wit, &suite, &defects, &mut problems);
    for table in &tables {
        assert!(axes.iter().all(|axis| table.wrong_host.contains_key(&axis.id)), "{}", table.proposal);
    }
    (problems.iter().map(ToString::to_string).collect(), tables.len())
}

#[test]
fn every_function_of_every_proposal_has_a_cell_for_every_axis() {
    let (problems, tables) = read(repository());
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(tables, Suite::discover(repository()).proposals.len());
}

#[test]
fn a_table_that_does_not_fit_is_told_where() {
    let file = "proposals/i2c/axes.toml";
    let text = std::fs::read_to_string(repository().join(file)).unwrap();
    let function = text.lines().find(|line| line.starts_with("[function.")).expect("a function");
    let mut cells = text.lines().skip_while(|line| *line != function).filter(|line| line.contains(" = "));
    let cell = cells.find(|line| line.ends_with([']', '"'])).expect("a cell of one line");
    let host = text.lines().skip_while(|line| *line != "[wrong-host]").nth(1).expect("a wrong host");
    let (axis, _) = cell.split_once(" = ").expect("a cell");
    let case = format!("{axis} = [\"i2c/no-such-case\"]");
    let short = format!("{axis} = \"none\"");
    for (from, to, says) in [
        (cell, "", axis),
        (cell, case.as_str(), "i2c/no-such-case"),
        (cell, short.as_str(), "is no reason"),
        (function, "[function.\"i2c.no-such-function\"]", "no-such-function"),
        (host, "errors = \"i2c/no-such-defect\"", "i2c/no-such-defect"),
    ] {
        let copy = Copy::new("axes");
        copy.edit(file, from, to);
        let (problems, _) = read(&copy.root);
        let told = problems.iter().any(|problem| problem.starts_with(file) && problem.contains(says));
        assert!(told, "`{from}` as `{to}`: {problems:#?}");
    }
}
