using System.Collections.Frozen;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

internal static class DictMethods
{
    public static FrozenDictionary<string, Method<DictValue>> All { get; } = new Dictionary<string, Method<DictValue>>
    {
        ["items"] = (dict, arguments) =>
        {
            arguments.Bind();
            return new ViewValue("dict_items", [.. dict.Entries.Select(entry => new TupleValue([entry.Key, entry.Value]))]);
        },
        ["keys"] = (dict, arguments) =>
        {
            arguments.Bind();
            return new ViewValue("dict_keys", [.. dict.Entries.Select(entry => entry.Key)]);
        },
        ["values"] = (dict, arguments) =>
        {
            arguments.Bind();
            return new ViewValue("dict_values", [.. dict.Entries.Select(entry => entry.Value)]);
        },
        ["get"] = (dict, arguments) =>
        {
            BoundArguments bound = arguments.Bind("key", "default?");
            return bound[0] is not Undefined && dict.TryGet(bound[0], out object? value) ? value : bound[1];
        },
        ["copy"] = (dict, arguments) =>
        {
            arguments.Bind();
            return dict;
        },
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
