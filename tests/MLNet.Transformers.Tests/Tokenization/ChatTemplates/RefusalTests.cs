using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization.ChatTemplates;

/// <summary>What templates may not do is refused with the line and the name.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData("a\n{{ 1 | shout }}", 2, "unknown filter 'shout'", "upper")]
    [InlineData("\n\n{% if x is green %}{% endif %}", 3, "unknown test 'green'", "defined")]
    [InlineData("{{ 1 }}\n{% import 'x' as y %}", 2, "unknown statement 'import'", "generation")]
    [InlineData("{% block x %}{% endblock %}", 1, "unknown statement 'block'")]
    [InlineData("{{\n nope() }}", 2, "'nope' is undefined")]
    [InlineData("{{ 'a' |\n map('x') | list }}", 2, "unknown filter 'x'")]
    [InlineData("{{ cycler(1) }}", 1, "the function 'cycler' is not supported")]
    [InlineData("{{ 'x'.encode() }}", 1, "method 'encode' of a str is not supported")]
    [InlineData("{{ [1].append(2) }}", 1, "'append' changes a list")]
    [InlineData("{% macro f() %}{{ kwargs }}{% endmacro %}", 1, "macro 'f' uses 'kwargs'")]
    [InlineData("{% for x in [1] recursive %}{% endfor %}", 1, "'recursive'")]
    [InlineData("{{ range(*[1]) }}", 1, "arguments with '*'")]
    [InlineData("{{ strftime_now('%Q') }}", 1, "time format '%Q'")]
    [InlineData("{{ ''.__class__.__mro__ }}", 1, "'str object' has no attribute '__class__'")]
    [InlineData("{% if true %}\n\n", 2, "'if' of line 1 has no 'endif'")]
    [InlineData("{{ (1 }}", 1, "unexpected '}'; expected ')'")]
    [InlineData("x\n{{ 1 2 }}", 2, "unexpected '2'; expected '}}'")]
    [InlineData("{# never ends", 1, "comment")]
    [InlineData("{{ 'never ends }}", 1, "no end '")]
    [InlineData("{% set loop = 1 %}", 1, "'loop' cannot be given a value")]
    [InlineData("{% break %}", 1, "'break' stands outside of a loop")]
    [InlineData("{{ 1 + 'a' }}", 1, "'+' cannot be used with a int and a str")]
    [InlineData("\n{{ raise_exception('roles must alternate') }}", 2, "the template refuses the conversation: roles must alternate")]
    public void The_line_and_the_name_are_said(string template, int line, params string[] said)
    {
        string message = Assert.Throws<ChatTemplateException>(() => Chats.Render(template)).Message;

        Assert.StartsWith($"'chat_template.jinja', line {line}: ", message, StringComparison.Ordinal);
        Assert.All(said, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{{ 'x' * 100000000 }}", "100,000,000 characters")]
    [InlineData("{{ [1] * 100000000 }}", "100,000,000 items")]
    [InlineData("{{ range(1000000) }}", "1,000,000 numbers")]
    [InlineData("{{ 10 ** 100000 }}", "4096 bits")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "macro 'f'", "most is 200")]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}", "does not come to an end")]
    [InlineData("{% set n = namespace(x='ab') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}", "characters")]
    [InlineData("{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}", "items")]
    [InlineData("{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}", "characters")]
    [InlineData("{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x | tojson }}", "characters")]
    [InlineData("{% set n = namespace(x=[1]) %}{% set m = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% set m.x = [m.x, m.x] %}{% endfor %}{{ n.x == m.x }}", "does not come to an end")]
    [InlineData("{% set n = namespace(x=[1]) %}{% for i in range(99999) %}{% set n.x = [n.x] %}{% endfor %}{{ n.x | tojson }}", "too deeply")]
    [InlineData("{% for i in range(99999) %}{{ 'abcdefgh' * 1000 }}{% endfor %}", "characters")]
    public void A_template_that_runs_away_is_stopped(string template, params string[] said)
    {
        string message = Assert.Throws<ChatTemplateException>(() => Chats.Render(template)).Message;

        Assert.All(said, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{{ ", "(", "1", ")", " }}")]
    [InlineData("{{ ", "not ", "1", "", " }}")]
    [InlineData("{{ 1", " + 1", "", "", " }}")]
    [InlineData("", "{% if 1 %}", "", "{% endif %}", "")]
    public void Templates_within_themselves_do_not_end_the_process(string begin, string before, string middle, string behind, string end)
    {
        const int Times = 100_000;
        const int SmallStack = 256 * 1024;
        string template = begin + string.Concat(Enumerable.Repeat(before, Times)) + middle + string.Concat(Enumerable.Repeat(behind, Times)) + end;
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(() => Chats.Render(template)), SmallStack);

        thread.Start();
        thread.Join();

        Assert.Contains("too deeply", Assert.IsType<ChatTemplateException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_templates_have_not_are_named()
    {
        string message = Assert.Throws<ArgumentException>(() => Chats.Render("{{ x }}", ("x", new object[] { 1, DateTime.UnixEpoch }))).Message;

        Assert.Contains("Variables.x[1] is a DateTime", message, StringComparison.Ordinal);
        var endless = new Dictionary<string, object?>();
        endless["self"] = endless;
        Assert.Contains("too deeply", Assert.Throws<ArgumentException>(() => Chats.Render("{{ x }}", ("x", endless))).Message, StringComparison.Ordinal);
        Assert.Contains("'messages'", Assert.Throws<ArgumentException>(() => Chats.Render("{{ x }}", ("messages", 1))).Message, StringComparison.Ordinal);
    }
}
