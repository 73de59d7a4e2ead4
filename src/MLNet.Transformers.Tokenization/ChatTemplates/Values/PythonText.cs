using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Python's str() and repr() of values.</summary>
internal static class PythonText
{
    public static string Str(object? value) => value switch
    {
        string text => text,
        SafeText safe => safe.Text,
        Undefined => "",
        _ => Repr(value),
    };

    public static string Repr(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (text.Length > Budget.MaxCharacters)
        {
            throw new TemplateError($"a text of more than {Budget.MaxCharacters:N0} characters was to be made");
        }
        switch (value)
        {
            case null:
                text.Append("None");
                break;
            case bool flag:
                text.Append(flag ? "True" : "False");
                break;
            case BigInteger number:
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                text.Append(PythonFloat.Repr(number));
                break;
            case string plain:
                PythonQuotes.Write(text, plain);
                break;
            case SafeText safe:
                text.Append("Markup(");
                PythonQuotes.Write(text, safe.Text);
                text.Append(')');
                break;
            case ListValue list:
                WriteItems(text, '[', list.Items, "]");
                break;
            case TupleValue tuple:
                WriteItems(text, '(', tuple.Items, tuple.Items.Count == 1 ? ",)" : ")");
                break;
            case RangeValue range:
                text.Append(range.Text);
                break;
            case DictValue dict:
                WriteEntries(text, dict.Entries);
                break;
            case ViewValue view:
                text.Append(view.TypeName);
                WriteItems(text.Append('('), '[', view.Items, "])");
                break;
            case NamespaceValue space:
                text.Append("<Namespace ");
                WriteEntries(text, space.Attributes.Select(item => new KeyValuePair<object?, object?>(item.Key, item.Value)));
                text.Append('>');
                break;
            case Undefined:
                text.Append("Undefined");
                break;
            default:
                throw new TemplateError($"a {TypeName.Of(value)} was to be written as text; only data can be");
        }
    }

    private static void WriteItems(StringBuilder text, char begin, IReadOnlyList<object?> items, string end)
    {
        text.Append(begin);
        for (int i = 0; i < items.Count; i++)
        {
            Write(text.Append(i == 0 ? "" : ", "), items[i]);
        }
        text.Append(end);
    }

    private static void WriteEntries(StringBuilder text, IEnumerable<KeyValuePair<object?, object?>> entries)
    {
        string separator = "{";
        foreach ((object? key, object? value) in entries)
        {
            Write(text.Append(separator), key);
            Write(text.Append(": "), value);
            separator = ", ";
        }
        text.Append(separator == "{" ? "{}" : "}");
    }
}
