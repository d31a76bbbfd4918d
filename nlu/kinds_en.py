"""What kind of thing a word names, English: everyday words by kind. Written for Huashu.

Unlike those of huashu.nlu.concepts, the words of a line do not mean the same: Paris is not London, both are cities.
One kind a line (one that begins with blanks goes on with the line before it); a word belongs to one kind.
"""

from typing import Final

KINDS: Final = """\
weekday: monday tuesday wednesday thursday friday saturday sunday weekend weekday
month: january february april june july august september october november december
number: one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
  eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen half
  quarter
ordinal: first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fifteenth
  twentieth 1st 2nd 3rd 4th 5th
hour: pm oclock noon midnight
daytime: morning afternoon evening night tonight
day: today tomorrow yesterday
span: minute hour week month year day decade century
season: spring summer autumn fall winter
holiday: christmas easter thanksgiving halloween hanukkah ramadan diwali valentine
country: america usa us uk england britain scotland ireland wales france germany spain italy portugal greece turkey
  russia poland sweden norway denmark finland iceland netherlands holland belgium switzerland austria hungary romania
  ukraine china japan korea india pakistan bangladesh thailand vietnam malaysia singapore indonesia philippines
  australia canada mexico brazil argentina chile peru colombia cuba jamaica egypt morocco kenya nigeria ethiopia
  israel iran iraq syria jordan lebanon qatar dubai emirates taiwan nepal croatia serbia bulgaria europe africa asia
  zealand arabia
people: american british english scottish irish french german spanish italian portuguese greek russian swedish
  norwegian danish finnish dutch belgian swiss austrian hungarian romanian ukrainian chinese japanese korean indian
  pakistani thai vietnamese malaysian indonesian filipino australian canadian mexican brazilian cuban jamaican
  egyptian moroccan israeli iranian arabic hindi mandarin cantonese latin swahili hebrew urdu bengali turkish
city: london paris berlin madrid rome milan venice florence barcelona lisbon athens istanbul moscow vienna prague
  budapest warsaw amsterdam brussels zurich geneva stockholm oslo copenhagen helsinki dublin edinburgh glasgow
  manchester liverpool birmingham leeds bristol oxford cambridge york boston chicago houston dallas austin denver
  seattle portland phoenix miami orlando atlanta detroit philadelphia baltimore pittsburgh cleveland cincinnati
  nashville memphis minneapolis milwaukee sacramento oakland tampa charlotte brooklyn manhattan toronto montreal
  vancouver ottawa sydney melbourne brisbane perth auckland tokyo kyoto osaka beijing shanghai guangzhou shenzhen
  seoul bangkok hanoi mumbai delhi bangalore kolkata chennai karachi dhaka cairo nairobi lagos johannesburg jerusalem
  tehran baghdad rio havana lima bogota honolulu vegas francisco diego angeles orleans antonio nyc la dc
state: alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
  indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana
  nebraska nevada hampshire jersey carolina dakota ohio oklahoma oregon pennsylvania tennessee texas utah vermont
  virginia washington wisconsin wyoming
region: city town village county state province country nation region area neighborhood neighbourhood district capital
  continent island
colour: red green blue yellow orange purple pink white black brown grey gray violet turquoise crimson gold silver teal
  magenta cyan beige colour color indigo maroon
relative: mother mom mum mommy father dad daddy parent brother sister sibling son daughter wife husband uncle aunt
  cousin grandmother grandma grandfather grandpa nephew niece grandparent fiance
friend: friend buddy pal boyfriend girlfriend partner roommate neighbour neighbor
coworker: boss manager colleague coworker employee employer supervisor secretary client
person: john mary james robert michael david william richard joseph thomas charles daniel matthew anthony paul steven
  andrew kevin brian george edward jason jeff jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin
  scott brandon benjamin samuel gregory alexander raymond patrick dennis jerry tyler aaron jose adam nathan henry
  peter kyle walter harold carl arthur roger joe tom bob mike jim dave steve dan chris tony sam alex ben tim greg ken
  patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly
  emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela
  anna emma olivia sophia alice julia jane kate katie helen maria diana rachel ruth lucy claire sally jill allison
  marty
food: pizza burger hamburger sandwich pasta spaghetti lasagna noodle rice bread toast soup stew salad steak chicken
  beef pork bacon ham sausage fish salmon tuna shrimp lobster crab sushi taco burrito curry pie cake cookie brownie
  pancake waffle omelette omelet egg cheese butter yogurt potato fries chip tomato onion garlic carrot pepper mushroom
  corn bean lettuce spinach broccoli cabbage cucumber apple banana grape strawberry lemon lime mango peach pear
  pineapple watermelon melon avocado chocolate candy sugar salt flour cereal oatmeal snack dessert donut muffin bagel
  sauce gravy ketchup mustard mayonnaise honey jam peanut nut almond meatloaf meatball ravioli risotto quinoa tofu
  kebab falafel hummus bbq barbecue casserole biscuit pudding icecream vegetable fruit meat seafood
dish: dish recipe ingredient meal cuisine
flavour: vegetarian vegan gluten organic spicy sweet sour salty
drink: coffee tea espresso latte cappuccino mocha americano juice soda coke pepsi water milk beer wine whiskey vodka
  cocktail lemonade smoothie milkshake tequila rum
meal: breakfast brunch lunch dinner supper takeaway takeout
eatery: restaurant cafe diner bistro pizzeria bar pub steakhouse bakery buffet cafeteria mcdonalds kfc subway wendys
  dominos starbucks chipotle eatery tavern brewery
shop: store shop mall supermarket market grocery pharmacy walmart target costco outlet boutique bookstore
venue: cinema theater theatre museum zoo park gym library stadium beach church school hospital hotel bank airport
  station office club
cooking: cook bake boil grill roast steam simmer microwave oven stir chop slice marinate preheat saute
amount: cup teaspoon tablespoon ounce oz pound lb gram kilogram kg liter litre gallon pint quart ml
length: mile kilometer kilometre km meter metre foot feet inch yard centimeter
heat: celsius fahrenheit degree temperature
nutrition: calorie protein carb carbohydrate vitamin fat fiber sodium nutrition nutritional cholesterol
weather: rain snow sun wind storm cloud fog hail thunder thunderstorm hurricane tornado humid humidity rainy snowy
  sunny windy cloudy foggy stormy hot cold warm chilly forecast weather umbrella
genre: rock pop jazz rap metal classical reggae techno disco folk funk soul punk opera indie electronic
band: beatles queen metallica nirvana coldplay adele beyonce rihanna madonna eminem elvis sinatra mozart beethoven
  bach
music: song music track album playlist tune melody singer artist band lyric concert
listening: radio podcast broadcast episode channel
show: movie film show series sitcom documentary cartoon trailer video tv television netflix youtube hulu
book: book audiobook novel chapter ebook kindle audible
sport: football soccer basketball baseball tennis golf hockey cricket rugby volleyball badminton swimming boxing
  wrestling cycling running skiing
game: chess checkers poker sudoku tetris scrabble monopoly tictactoe solitaire minecraft puzzle trivia game
league: nfl nba mlb nhl fifa olympics
news: news headline cnn bbc nyt newspaper article politics election president
animal: dog cat cow horse pig sheep goat bird rabbit mouse lion tiger elephant bear monkey snake frog whale shark
  dolphin wolf fox deer duck owl penguin turtle puppy kitten
currency: dollar euro yen rupee yuan peso buck cent usd eur gbp jpy cad bitcoin
stock: stock share nasdaq dow nyse portfolio trading
company: google microsoft amazon tesla ibm intel facebook twitter samsung sony nike ford toyota honda bmw
socialnet: instagram snapchat linkedin tweet post reddit pinterest tumblr whatsapp
mail: email gmail inbox mail message outlook yahoo hotmail sms text
address: http www com dot net
room: kitchen bedroom bathroom livingroom garage hallway basement attic toilet porch lounge room house home
appliance: vacuum cleaner roomba fridge refrigerator dishwasher washer dryer heater fan thermostat conditioner ac
  kettle
light: light lamp bulb brightness hue dim bright
plug: plug socket wemo switch
loudness: volume loud quiet mute unmute speaker sound silent silence louder quieter audio
transport: train bus taxi cab uber lyft metro tram ferry flight car bike bicycle truck van ship boat railway rail
  airplane aeroplane shuttle limo scooter
trip: travel trip ticket fare route direction itinerary passport vacation holiday journey tour
road: road street highway avenue lane bridge traffic freeway intersection
carpart: tire tyre oil engine brake gas gasoline fuel battery mileage mpg transmission jumpstart
body: head hand arm leg back neck eye ear nose mouth tooth knee shoulder stomach heart skin hair
health: doctor dentist medicine pill prescription vaccine shot flu fever cough headache symptom disease allergy cancer
  diabetes appointment
maths: plus minus divided multiply subtract add square root sum equals percent percentage equation
wit: joke funny laugh humor pun riddle
clothing: shirt dress shoe pants jeans jacket coat hat sock skirt suit clothes
bank: account savings checking loan mortgage credit deposit withdraw balance transfer
bill: electric electricity utility rent cable internet insurance tax
document: id license licence w2 form report document file
work: job work payday salary meeting pto raise retirement 401k
calendar: calendar event schedule agenda birthday anniversary wedding party conference reminder
list: list todo item task chore
planet: earth moon mars venus jupiter saturn mercury planet star galaxy
quality: good great nice amazing awesome excellent fantastic wonderful perfect brilliant terrific lovely super
bad: bad terrible horrible awful worst poor
asking: who what when where why which whose how
card: visa mastercard amex discover debit
saying: tell say speak talk inform mention explain describe announce
telling: display read name give provide
seeking: find search look locate
wishing: want need like wish love prefer enjoy
making: make create build compose draft generate write
setting: set start begin activate launch open initiate
halting: stop end cancel quit halt pause close abort terminate
erasing: delete remove erase clear wipe discard scratch eliminate dump
adding: put include append insert attach
buying: buy purchase order acquire obtain
changing: change alter modify update adjust edit convert replace swap
raising: increase boost higher more up brighten maximize
lowering: decrease lower reduce less down darken softer minimize
sending: send forward reply respond
keeping: save keep record remember note
knowing: know understand learn figure determine
thinking: think believe guess suppose opinion
thanks: thank grateful appreciate
hello: hello hi hey greeting howdy
bye: bye goodbye farewell later
agreeing: yes yeah yep yup sure okay ok correct right absolutely definitely true
refusing: no nope nah never wrong incorrect false
politeness: please kindly
nearness: near nearby closest nearest around local here
newness: new recent latest current newest
oldness: old last previous former past
cheapness: cheap cheapest inexpensive affordable budget
price: price cost fee rate charge worth expensive
soonness: soon now immediately quickly asap instantly
repeating: again repeat once another
size: big small large tiny huge little
speed: fast slow quick faster slower
possession: my mine our
likelihood: maybe perhaps possibly probably unsure
trouble: problem issue trouble error broken fault fail
help: help assist aid support
people_group: people man woman guy human someone everyone anyone
origin: born birthplace hometown live living reside
job: teacher lawyer engineer nurse actor actress scientist king prime minister
education: class course exam homework study university college student
cleaning: clean sweep mop dust wash laundry tidy
waking: wake alarm snooze sleep nap
dimension: tall high height long length deep depth wide width weigh weight heavy
"""
