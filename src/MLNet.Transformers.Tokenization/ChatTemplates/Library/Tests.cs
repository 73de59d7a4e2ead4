using System.Collections.Frozen;
using System.Numerics;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>A test: what stands behind is.</summary>
internal delegate bool Test(object? value, Arguments arguments);

/// <summary>All tests by name.</summary>
internal static class Tests
{
    private static readonly Test _equal = (value, arguments) => Equality.Of(value, arguments.Bind("other")[0], arguments.Budget);
    private static readonly Test _notEqual = (value, arguments) => !_equal(value, arguments);
    private static readonly Test _less = Ordered(order => order < 0);
    private static readonly Test _lessOrEqual = Ordered(order => order <= 0);
    private static readonly Test _greater = Ordered(order => order > 0);
    private static readonly Test _greaterOrEqual = Ordered(order => order >= 0);

    public static FrozenDictionary<string, Test> All { get; } = new Dictionary<string, Test>
    {
        ["defined"] = Plain(value => value is not Undefined),
        ["undefined"] = Plain(value => value is Undefined),
        ["none"] = Plain(value => value is null),
        ["true"] = Plain(value => value is true),
        ["false"] = Plain(value => value is false),
        ["boolean"] = Plain(value => value is bool),
        ["integer"] = Plain(value => value is BigInteger),
        ["float"] = Plain(value => value is double),
        ["number"] = Plain(value => value is BigInteger or double or bool),
        ["string"] = Plain(value => value is string or SafeText),
        ["mapping"] = Plain(value => value is DictValue),
        ["iterable"] = Plain(value => Sequences.TryIterate(value) is not null || value is LoopValue),
        ["sequence"] = Plain(value => value is string or SafeText or SequenceValue or DictValue or Undefined),
        ["callable"] = Plain(value => value is Callable or Undefined),
        ["escaped"] = Plain(value => value is SafeText),
        ["lower"] = Plain(value => TextMethods.IsCase(PythonText.Str(value), PythonCase.IsLower)),
        ["upper"] = Plain(value => TextMethods.IsCase(PythonText.Str(value), PythonCase.IsUpper)),
        ["even"] = (value, arguments) => Remainder(value, new BigInteger(2), arguments, 0),
        ["odd"] = (value, arguments) => Remainder(value, new BigInteger(2), arguments, 1),
        ["divisibleby"] = (value, arguments) => Equality.Of(Arithmetic.Modulo(value, arguments.Bind("num")[0]), BigInteger.Zero, arguments.Budget),
        ["in"] = (value, arguments) => Equality.Contains(arguments.Bind("seq")[0], value, arguments.Budget),
        ["sameas"] = SameAs,
        ["filter"] = (value, arguments) => Named(value, arguments, Filters.All.ContainsKey),
        ["test"] = (value, arguments) => Named(value, arguments, name => All!.ContainsKey(name)),
        ["eq"] = _equal, ["=="] = _equal, ["equalto"] = _equal,
        ["ne"] = _notEqual, ["!="] = _notEqual,
        ["lt"] = _less, ["<"] = _less, ["lessthan"] = _less,
        ["le"] = _lessOrEqual, ["<="] = _lessOrEqual,
        ["gt"] = _greater, [">"] = _greater, ["greaterthan"] = _greater,
        ["ge"] = _greaterOrEqual, [">="] = _greaterOrEqual,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <exception cref="TemplateError">There is no test of that name.</exception>
    public static Test Get(string name) => All.GetValueOrDefault(name)
        ?? throw new TemplateError($"unknown test '{name}'. Known are {string.Join(", ", All.Keys.Order(StringComparer.Ordinal))}");

    private static Test Plain(Func<object?, bool> holds) => (value, arguments) =>
    {
        arguments.Bind();
        return holds(value);
    };

    private static Test Ordered(Func<int, bool> holds) => (value, arguments) =>
        Ordering.Compare(value, arguments.Bind("other")[0], arguments.Budget) is { } order && holds(order);

    private static bool Remainder(object? value, BigInteger divisor, Arguments arguments, int rest)
    {
        arguments.Bind();
        return Equality.Of(Arithmetic.Modulo(value, divisor), new BigInteger(rest), arguments.Budget);
    }

    private static bool Named(object? value, Arguments arguments, Func<string, bool> known)
    {
        arguments.Bind();
        return Texts.TryGet(value, out string name) && known(name);
    }

    // Whether two numbers or texts are the same object is an accident of Python.
    private static bool SameAs(object? value, Arguments arguments) => (value, arguments.Bind("other")[0]) switch
    {
        (bool a, bool b) => a == b,
        (string or BigInteger or double, string or BigInteger or double) => throw new TemplateError("the test 'sameas' is supported for true, false, none, lists and dicts only"),
        (var a, var b) => ReferenceEquals(a, b),
    };
}
