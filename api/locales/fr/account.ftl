# Connexion, inscription, son propre compte et comptes pour les administrateurs.
nav-account = Mon compte
about-account = Vos sessions et votre mot de passe.
nav-accounts = Comptes
about-accounts = Qui peut se connecter pour votre Société, et à quel titre.

home-title = Accueil
home-role = Vous travaillez ici comme { $role }.
home-sessions = { $count ->
    [one] Vous avez une session ouverte.
    [many] Vous avez { $count } de sessions ouvertes.
   *[other] Vous avez { $count } sessions ouvertes.
}

role-intake = agent d’accueil
role-caseworker = responsable de dossiers
role-reviewer = réviseur
role-protection-officer = responsable de la protection
role-auditor = auditeur
role-data-protection-officer = délégué à la protection des données
role-administrator = administrateur
account-invited = invité
account-active = actif
account-disabled = fermé
session-page = navigateur
session-program = programme

sign-in-title = Se connecter
sign-in-login = Identifiant
sign-in-password = Mot de passe
sign-in-code = Code
sign-in-code-hint = Les six chiffres que votre téléphone affiche maintenant, ou l’un de vos codes de secours.
sign-in-button = Se connecter
sign-in-refused = L’identifiant, le mot de passe ou le code est inexact.
sign-in-demo = Ceci est le monde inventé : aucun code n’est demandé et personne n’y est réel.
sign-in-first-time = Première visite ? Inscrivez-vous avec votre code.

enrol-title = Inscription
enrol-intro = Il vous faut le code d’inscription remis par votre administrateur. Il sert une seule fois, pendant trois jours.
enrol-code = Code d’inscription
enrol-password = Nouveau mot de passe
enrol-password-hint = Au moins 15 caractères. Quatre mots ou plus sans rapport avec vous sont faciles à retenir et difficiles à deviner.
enrol-again = Le même mot de passe
enrol-next = Continuer
phone-title = Préparez votre téléphone
phone-intro = Scannez cette image avec l’application d’authentification de votre téléphone.
phone-picture = Image pour l’application d’authentification
phone-by-hand = Ou saisissez ceci à la main dans l’application :
phone-again = Utilisez l’entrée déjà présente sur votre téléphone ou recommencez avec votre code d’inscription.
phone-code = Les six chiffres que votre téléphone affiche maintenant
phone-button = Confirmer
done-title = Votre compte est prêt
done-codes = Notez ces codes de secours sur papier et gardez-les en lieu sûr. Chacun sert une fois, si vous perdez votre téléphone. Ils ne seront plus affichés.
done-sign-in = Se connecter

conduct-title = Code de conduite
conduct-intro = Des personnes nous confient ce qui pourrait leur nuire. Quiconque ouvre un dossier ici s’y tient :
conduct-purpose = Je ne consulte que ce qu’il faut pour rétablir un lien familial ou protéger quelqu’un, et rien d’autre.
conduct-no-harm = Avant d’agir ou de transmettre, je me demande si cela pourrait mettre quelqu’un en danger.
conduct-consent = Ce que la personne a accepté décide. Nul n’apprend où se trouve quelqu’un avant qu’il ne le dise.
conduct-least = Je note le nécessaire et rien de plus, des faits et sans juger.
conduct-secret = Ce que j’apprends ici reste ici. Je ne partage aucun mot de passe, ne photographie pas l’écran et ne tiens aucune liste personnelle.
conduct-authorities = Je ne remets rien aux autorités, aux médias ni aux acteurs armés.
conduct-incident = Si quelque chose tourne mal ou se perd, je le signale aussitôt.
conduct-accept = J’accepte et je m’y tiens
conduct-version = Version { $version }

mine-sessions = Où vous êtes connecté
mine-since = Depuis
mine-kind = Avec
mine-this = celle-ci
mine-end = Terminer
mine-password = Changer le mot de passe
mine-current = Mot de passe actuel
mine-new = Nouveau mot de passe
mine-change = Changer et terminer les autres sessions

manage-invited = Remettez ce code d’inscription en main propre. Il n’est affiché que maintenant.
manage-role = Fonction
manage-state = État
manage-actions = Modifier
manage-reset = Nouvelle inscription
manage-disable = Fermer
manage-new = Nouveau compte
manage-login-hint = Un nom de code, pas le nom de la personne : 3 à 64 caractères a-z, 0-9, point, tiret bas, tiret.
manage-point = Point de service
manage-point-hint = Son identifiant (hsp_…) ; l’accueil en a besoin.
manage-make = Créer le compte
