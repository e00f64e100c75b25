# Inicio de sesión, alta, la propia cuenta y cuentas para administradores.
nav-account = Mi cuenta
about-account = Sus sesiones y su contraseña.
nav-accounts = Cuentas
about-accounts = Quién puede entrar por su Sociedad y con qué función.

home-title = Inicio
home-role = Aquí trabaja como { $role }.
home-sessions = { $count ->
    [one] Tiene una sesión abierta.
    [many] Tiene { $count } de sesiones abiertas.
   *[other] Tiene { $count } sesiones abiertas.
}

role-intake = personal de acogida
role-caseworker = responsable de casos
role-reviewer = revisor
role-protection-officer = oficial de protección
role-auditor = auditor
role-data-protection-officer = delegado de protección de datos
role-administrator = administrador
account-invited = invitada
account-active = activa
account-disabled = cerrada
session-page = navegador
session-program = programa

sign-in-title = Iniciar sesión
sign-in-login = Usuario
sign-in-password = Contraseña
sign-in-code = Código
sign-in-code-hint = Las seis cifras que muestra ahora su teléfono, o uno de sus códigos de recuperación.
sign-in-button = Entrar
sign-in-refused = El usuario, la contraseña o el código no es correcto.
sign-in-demo = Este es el mundo inventado: no pide código y nadie en él es real.
sign-in-first-time = ¿Primera vez? Dese de alta con su código.

enrol-title = Alta
enrol-intro = Necesita el código de alta que le dio su administrador. Sirve una sola vez, durante tres días.
enrol-code = Código de alta
enrol-password = Contraseña nueva
enrol-password-hint = Al menos 15 caracteres. Cuatro o más palabras sin relación con usted son fáciles de recordar y difíciles de adivinar.
enrol-again = La misma contraseña otra vez
enrol-next = Continuar
phone-title = Prepare su teléfono
phone-intro = Escanee esta imagen con la aplicación de autenticación de su teléfono.
phone-picture = Imagen para la aplicación de autenticación
phone-by-hand = O escriba esto a mano en la aplicación:
phone-again = Use la entrada que ya tiene su teléfono o empiece de nuevo con su código de alta.
phone-code = Las seis cifras que muestra ahora su teléfono
phone-button = Confirmar
done-title = Su cuenta está lista
done-codes = Anote estos códigos de recuperación en papel y guárdelos bien. Cada uno sirve una vez, si pierde el teléfono. No se mostrarán de nuevo.
done-sign-in = Iniciar sesión

conduct-title = Código de conducta
conduct-intro = Las personas nos confían lo que podría dañarlas. Quien abre aquí un expediente se compromete a lo siguiente:
conduct-purpose = Miro solo lo que necesito para restablecer un contacto familiar o proteger a alguien, y para nada más.
conduct-no-harm = Antes de actuar o transmitir algo, pregunto si podría poner a alguien en peligro.
conduct-consent = Decide lo que la persona aceptó. Nadie sabe dónde está alguien antes de que esa persona lo diga.
conduct-least = Anoto lo necesario y nada más, como hechos y sin juzgar.
conduct-secret = Lo que conozco aquí, aquí se queda. No comparto contraseñas, no fotografío la pantalla ni guardo listas propias.
conduct-authorities = No entrego nada a autoridades, medios de comunicación ni actores armados.
conduct-incident = Si algo sale mal o se pierde, lo digo de inmediato.
conduct-accept = Lo acepto y lo cumplo
conduct-version = Versión { $version }

mine-sessions = Dónde tiene sesión abierta
mine-since = Desde
mine-kind = Con
mine-this = esta
mine-end = Cerrar
mine-password = Cambiar la contraseña
mine-current = Contraseña actual
mine-new = Contraseña nueva
mine-change = Cambiar y cerrar las demás sesiones

manage-invited = Entregue este código de alta en persona a quien usará la cuenta. Solo se muestra ahora.
manage-role = Función
manage-state = Estado
manage-actions = Cambiar
manage-reset = Nueva alta
manage-disable = Cerrar
manage-new = Cuenta nueva
manage-login-hint = Un nombre en clave, no el de la persona: de 3 a 64 caracteres a-z, 0-9, punto, guion bajo, guion.
manage-point = Punto de servicio
manage-point-hint = Su identificador (hsp_…); acogida necesita uno.
manage-make = Crear cuenta
