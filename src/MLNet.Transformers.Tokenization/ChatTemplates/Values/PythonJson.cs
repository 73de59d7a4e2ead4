using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Python's json.dumps, whose layout the models were trained on.</summary>
/// <param name="indent">What a level is indented by; null: all on one line.</param>
/// <param name="ensureAscii">Whether other characters are written as escapes.</param>
/// <param name="itemSeparator">Between items; null: ", ", or "," at line ends.</param>
/// <param name="keySeparator">Behind keys; null: ": ".</param>
/// <param name="sortKeys">Whether keys are put in order.</param>
internal sealed class PythonJson(string? indent, bool ensureAscii, string? itemSeparator, string? keySeparator, bool sortKeys)
{
    private readonly StringBuilder _text = new();
    private readonly string _itemSeparator = itemSeparator ?? (indent is null ? ", " : ",");
    private readonly string _keySeparator = keySeparator ?? ": ";

    public string Write(object? value)
    {
        Write(value, 0);
        return _text.ToString();
    }

    private void Write(object? value, int level)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (_text.Length > Budget.MaxCharacters)
        {
            throw new TemplateError($"tojson was to write more than {Budget.MaxCharacters:N0} characters");
        }
        switch (value)
        {
            case ListValue or TupleValue:
                IReadOnlyList<object?> items = ((SequenceValue)value).Items;
                Group('[', ']', items, level, item => Write(item, level + 1));
                break;
            case DictValue dict:
                IEnumerable<(string Key, object? Value)> entries = dict.Entries.Select(entry => (Key(entry.Key), entry.Value));
                (string Key, object? Value)[] ordered = [.. sortKeys ? entries.OrderBy(entry => entry.Key, Comparer<string>.Create(Texts.Compare)) : entries];
                Group('{', '}', ordered, level, entry =>
                {
                    Quote(entry.Key);
                    _text.Append(_keySeparator);
                    Write(entry.Value, level + 1);
                });
                break;
            case string or SafeText:
                Quote(PythonText.Str(value));
                break;
            default:
                _text.Append(Scalar(value));
                break;
        }
    }

    private void Group<T>(char begin, char end, IReadOnlyList<T> items, int level, Action<T> write)
    {
        _text.Append(begin);
        for (int i = 0; i < items.Count; i++)
        {
            _text.Append(i == 0 ? "" : _itemSeparator);
            Line(level + 1);
            write(items[i]);
        }
        if (items.Count > 0)
        {
            Line(level);
        }
        _text.Append(end);
    }

    private void Line(int level)
    {
        if (indent is not null)
        {
            _text.Append('\n').Insert(_text.Length, indent, level);
        }
    }

    private static string Key(object? key) => Texts.TryGet(key, out string text) ? text : Scalar(key);

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? number > 0 ? "Infinity" : "-Infinity" : PythonFloat.Repr(number),
        Undefined undefined => throw undefined.Error(),
        _ => throw new TemplateError($"tojson was given a {TypeName.Of(value)}; only data can be written as JSON"),
    };

    private void Quote(string text)
    {
        _text.Append('"');
        foreach (char unit in text)
        {
            _ = unit switch
            {
                '"' => _text.Append("\\\""),
                '\\' => _text.Append(@"\\"),
                '\n' => _text.Append(@"\n"),
                '\r' => _text.Append(@"\r"),
                '\t' => _text.Append(@"\t"),
                '\f' => _text.Append(@"\f"),
                '\b' => _text.Append(@"\b"),
                < ' ' => _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                > '~' when ensureAscii => _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => _text.Append(unit),
            };
        }
        _text.Append('"');
    }
}
