package dev.ostrakon.controller;

/** What a founded group decides from: its rules and its newest assignment. */
record Founded(ControllerRules rules, Assignment assignment) {}
