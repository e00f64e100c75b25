# الدخول والتسجيل والحساب الشخصي وحسابات المسؤولين.
nav-account = حسابي
about-account = جلساتك وكلمة المرور الخاصة بك.
nav-accounts = الحسابات
about-accounts = من يحق له الدخول باسم جمعيتكم وبأي دور.

home-title = البداية
home-role = تعمل هنا بصفة { $role }.
home-sessions = { $count ->
    [zero] لا جلسات مفتوحة لك.
    [one] لديك جلسة مفتوحة واحدة.
    [two] لديك جلستان مفتوحتان.
    [few] لديك { $count } جلسات مفتوحة.
    [many] لديك { $count } جلسة مفتوحة.
   *[other] لديك { $count } جلسة مفتوحة.
}

role-intake = موظف استقبال
role-caseworker = مسؤول حالات
role-reviewer = مراجع
role-protection-officer = مسؤول حماية
role-auditor = مدقق
role-data-protection-officer = مسؤول حماية البيانات
role-administrator = مدير النظام
account-invited = مدعو
account-active = نشط
account-disabled = مغلق
session-page = متصفح
session-program = برنامج

sign-in-title = تسجيل الدخول
sign-in-login = اسم الدخول
sign-in-password = كلمة المرور
sign-in-code = الرمز
sign-in-code-hint = الأرقام الستة التي يعرضها هاتفك الآن، أو أحد رموز الاستعادة.
sign-in-button = دخول
sign-in-refused = اسم الدخول أو كلمة المرور أو الرمز غير صحيح.
sign-in-demo = هذا عالم متخيَّل: لا يُطلب فيه رمز، ولا أحد فيه حقيقي.
sign-in-first-time = أول مرة هنا؟ سجّل برمزك.

enrol-title = التسجيل
enrol-intro = تحتاج إلى رمز التسجيل الذي أعطاك إياه مدير النظام. يصلح مرة واحدة خلال ثلاثة أيام.
enrol-code = رمز التسجيل
enrol-password = كلمة مرور جديدة
enrol-password-hint = 15 حرفًا على الأقل. أربع كلمات أو أكثر لا صلة لها بك سهلة التذكر وصعبة التخمين.
enrol-again = كلمة المرور نفسها مرة أخرى
enrol-next = متابعة
phone-title = هيّئ هاتفك
phone-intro = امسح هذه الصورة بتطبيق المصادقة على هاتفك.
phone-picture = صورة لتطبيق المصادقة
phone-by-hand = أو اكتب هذا في التطبيق يدويًا:
phone-again = استخدم الحساب الموجود على هاتفك، أو ابدأ من جديد برمز التسجيل.
phone-code = الأرقام الستة التي يعرضها هاتفك الآن
phone-button = تأكيد
done-title = اكتمل تسجيلك
done-codes = اكتب رموز الاستعادة هذه على ورق واحفظها في مكان آمن. يصلح كل منها مرة واحدة إذا ضاع هاتفك. لن تُعرض مرة أخرى.
done-sign-in = تسجيل الدخول

conduct-title = مدونة السلوك
conduct-intro = يأتمننا الناس على ما قد يؤذيهم. من يفتح ملفًا هنا يلتزم بما يلي:
conduct-purpose = لا أطّلع إلا على ما يلزم لإعادة الروابط العائلية أو لحماية شخص، ولا لغير ذلك.
conduct-no-harm = قبل أن أتصرف أو أنقل شيئًا أسأل إن كان قد يعرّض أحدًا للخطر.
conduct-consent = ما وافق عليه الشخص هو الحَكَم. لا يعرف أحد مكان شخص قبل أن يأذن بذلك.
conduct-least = أدوّن ما يلزم فقط، وقائع بلا أحكام.
conduct-secret = ما أعرفه هنا يبقى هنا. لا أشارك كلمة مرور ولا أصوّر الشاشة ولا أحتفظ بقوائم خاصة.
conduct-authorities = لا أسلّم شيئًا إلى السلطات أو وسائل الإعلام أو الأطراف المسلحة.
conduct-incident = إذا وقع خطأ أو فُقد شيء أبلغت عنه فورًا.
conduct-accept = أوافق وألتزم
conduct-version = الإصدار { $version }

mine-sessions = أين سجّلت الدخول
mine-since = منذ
mine-kind = بواسطة
mine-this = هذه الجلسة
mine-end = إنهاء
mine-password = تغيير كلمة المرور
mine-current = كلمة المرور الحالية
mine-new = كلمة المرور الجديدة
mine-change = غيّر وأنهِ الجلسات الأخرى

manage-invited = سلّم رمز التسجيل هذا إلى صاحب الحساب شخصيًا. لا يُعرض إلا الآن.
manage-role = الدور
manage-state = الحالة
manage-actions = تغيير
manage-reset = تسجيل جديد
manage-disable = إغلاق
manage-new = حساب جديد
manage-login-hint = اسم رمزي لا اسم الشخص: من 3 إلى 64 من ⁦a-z⁩ و⁦0-9⁩ والنقطة والشرطتين.
manage-point = نقطة الخدمة
manage-point-hint = معرّفها (⁦hsp_…⁩)؛ الاستقبال يحتاج إليها.
manage-make = إنشاء الحساب
