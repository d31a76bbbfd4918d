"""A small Rasa project in the shape of public examples (moods, a form, rules, a flow), written for these tests."""

from pathlib import Path

FILES = {
    "config.yml": "recipe: default.v1\nlanguage: en\npipeline: []\n",
    "domain.yml": """\
version: "3.1"
intents: [greet, goodbye, affirm, deny, mood_good, mood_bad, book_room, ask_hours, faq]
entities: [city]
slots:
  city:
    type: text
    mappings: [{type: from_entity, entity: city}]
  guests:
    type: float
    mappings: [{type: from_text}]
  breakfast:
    type: bool
    mappings:
    - {type: from_intent, intent: affirm, value: true}
    - {type: from_intent, intent: deny, value: false}
  room:
    type: categorical
    values: [single, double]
    mappings: [{type: from_text}]
  history:
    type: list
    mappings: [{type: custom}]
responses:
  utter_greet:
  - text: Hello from the Harbour Hotel, how are you today?
  utter_glad:
  - text: Lovely to hear that.
  utter_sorry:
  - text: I am sorry to hear that.
  - text: That is a pity.
    image: https://example.org/flower.jpg
  utter_helped:
  - text: Would some sunshine help?
    buttons: [{title: "Yes", payload: /affirm}]
  utter_goodbye:
  - text: Goodbye, see you by the sea.
  utter_ask_city:
  - text: Which city would you like to stay in?
  utter_ask_room_form_room:
  - text: A single or a double room?
  utter_ask_guests:
  - text: For how many guests?
  utter_ask_breakfast:
  - text: Would you like breakfast?
  utter_booked:
  - text: "Booked: a {room} room in {city} for {guests}."
  utter_hours:
  - text: The desk is open from seven to eleven.
  utter_rephrase:
  - text: Could you say that in other words?
  utter_faq/parking:
  - text: Parking is free for guests.
  utter_cancelled:
  - text: Your stay is cancelled.
  utter_kept:
  - text: Then everything stays as it is.
  utter_ask_sure:
  - text: Shall I really cancel your stay?
  utter_order_missing:
  - custom: {x: 1}
forms:
  room_form:
    required_slots: [city, room, guests, breakfast]
actions: [action_store_booking]
""",
    "data/nlu.yml": """\
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hey
    - good morning
- intent: goodbye
  examples: |
    - bye
    - see you later
    - have a nice day
- intent: mood_good
  examples: |
    - I feel great
    - wonderful thanks
    - very good today
    - perfect
- intent: mood_bad
  examples: |
    - I am sad
    - terrible
    - not so good
    - feeling awful
- intent: book_room
  examples: |
    - I want to book a room
    - book me a room in [Lisbon](city)
    - I need a room in [Porto]{"entity": "city"}
    - reserve a hotel room please
- intent: ask_hours
  examples: |
    - when are you open
    - what are the opening hours
    - until when is the desk open
- intent: faq/parking
  examples: |
    - where can I park
    - do you have parking
    - is there a car park
- synonym: double
  examples: |
    - twin
    - for two people
- regex: room_number
  examples: |
    - \\d{3}
- intent: unused_thing
  examples: |
    - the weather is nice
""",
    "data/rules.yml": """\
version: "3.1"
rules:
- rule: Say goodbye
  steps:
  - intent: goodbye
  - action: utter_goodbye
- rule: Hours
  steps:
  - intent: ask_hours
  - action: utter_hours
- rule: Answer questions
  steps:
  - intent: faq
  - action: utter_faq
- rule: Start the form
  steps:
  - intent: book_room
  - action: room_form
  - active_loop: room_form
- rule: Submit the form
  condition:
  - active_loop: room_form
  steps:
  - action: room_form
  - active_loop: null
  - slot_was_set:
    - requested_slot: null
  - action: action_store_booking
  - action: utter_booked
- rule: Rephrase
  steps:
  - intent: nlu_fallback
  - action: utter_rephrase
""",
    "data/stories.yml": """\
version: "3.1"
stories:
- story: happy
  steps:
  - intent: greet
  - action: utter_greet
  - intent: mood_good
  - action: utter_glad
- story: sad, helped
  steps:
  - intent: greet
  - action: utter_greet
  - intent: mood_bad
  - action: utter_sorry
  - action: utter_helped
  - intent: affirm
  - action: utter_glad
- story: sad, not helped
  steps:
  - intent: greet
  - action: utter_greet
  - intent: mood_bad
  - action: utter_sorry
  - action: utter_helped
  - intent: deny
  - action: utter_goodbye
- story: with a checkpoint
  steps:
  - checkpoint: somewhere
  - intent: affirm
""",
    "data/flows.yml": """\
flows:
  cancel_stay:
    description: cancel my stay
    steps:
    - collect: sure
      next:
      - if: slots.sure is true
        then:
        - action: utter_cancelled
          next: END
      - else:
        - action: utter_kept
          next: END
""",
    "domain_flows.yml": """\
slots:
  sure:
    type: bool
    mappings: [{type: from_llm}]
""",
}


def write(folder: Path) -> Path:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
