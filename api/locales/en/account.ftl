# Signing in, enrolling, the own account, and accounts for administrators.
nav-account = My account
about-account = Your sessions and your password.
nav-accounts = Accounts
about-accounts = Who may sign in for your society, and as what.

home-title = Start
home-role = You work here as { $role }.
home-sessions = { $count ->
    [one] You are signed in once.
   *[other] You are signed in { $count } times.
}

role-intake = intake
role-caseworker = caseworker
role-reviewer = reviewer
role-protection-officer = protection officer
role-auditor = auditor
role-data-protection-officer = data protection officer
role-administrator = administrator
account-invited = invited
account-active = active
account-disabled = closed
session-page = browser
session-program = program

sign-in-title = Sign in
sign-in-login = Login
sign-in-password = Password
sign-in-code = Code
sign-in-code-hint = The six digits your phone shows now, or one of your recovery codes.
sign-in-button = Sign in
sign-in-refused = Login, password or code is not right.
sign-in-demo = This is the invented world: it asks for no code, and nobody in it is real.
sign-in-first-time = First time here? Enrol with your code.

enrol-title = Enrol
enrol-intro = You need the enrolment code your administrator gave you. It is good once, for three days.
enrol-code = Enrolment code
enrol-password = New password
enrol-password-hint = At least 15 characters. Four or more words that have nothing to do with you are easy to remember and hard to guess.
enrol-again = The same password again
enrol-next = Go on
phone-title = Set up your phone
phone-intro = Scan this picture with the authenticator app on your phone.
phone-picture = Picture for the authenticator app
phone-by-hand = Or type this into the app by hand:
phone-again = Use the entry your phone already has, or start again with your enrolment code.
phone-code = The six digits your phone shows now
phone-button = Confirm
done-title = You are enrolled
done-codes = Write these recovery codes on paper and keep them safe. Each is good once, should your phone be lost. They are not shown again.
done-sign-in = Sign in

conduct-title = Code of conduct
conduct-intro = People trust us with what could harm them. Whoever opens a record here keeps to this:
conduct-purpose = I look only at what I need to restore a family link or to protect somebody, and for nothing else.
conduct-no-harm = Before I act or pass anything on, I ask whether it could put somebody in danger.
conduct-consent = What a person agreed to decides. Nobody learns where somebody is before that person says so.
conduct-least = I write down what is needed and no more, as facts and without judging.
conduct-secret = What I learn here stays here. I share no password, take no pictures of the screen and keep no lists of my own.
conduct-authorities = I give nothing to authorities, media or armed actors.
conduct-incident = If something goes wrong or is lost, I say so at once.
conduct-accept = I accept and keep to this
conduct-version = Version { $version }

mine-sessions = Where you are signed in
mine-since = Since
mine-kind = With
mine-this = this one
mine-end = End
mine-password = Change the password
mine-current = Present password
mine-new = New password
mine-change = Change; end other sessions

manage-invited = Give this enrolment code to the account's owner in person. It is shown only now.
manage-role = Role
manage-state = State
manage-actions = Change
manage-reset = New enrolment
manage-disable = Close
manage-new = New account
manage-login-hint = A code name, not the person's name: 3 to 64 of a-z, 0-9, dot, underscore, hyphen.
manage-point = Service point
manage-point-hint = Its id (hsp_…); intake needs one.
manage-make = Make account
