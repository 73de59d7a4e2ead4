using System.Collections.Frozen;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

internal static class SequenceMethods
{
    public static FrozenDictionary<string, Method<SequenceValue>> All { get; } = new Dictionary<string, Method<SequenceValue>>
    {
        ["index"] = (sequence, arguments) =>
        {
            object? wanted = arguments.Bind("value")[0];
            for (int i = 0; i < sequence.Items.Count; i++)
            {
                if (Equality.Of(sequence.Items[i], wanted, arguments.Budget))
                {
                    return Numbers.Of(i);
                }
            }
            throw new TemplateError($"a {TypeName.Of(sequence)} has no item {PythonText.Repr(wanted)}");
        },
        ["count"] = (sequence, arguments) =>
        {
            object? wanted = arguments.Bind("value")[0];
            return Numbers.Of(sequence.Items.Count(item => Equality.Of(item, wanted, arguments.Budget)));
        },
        ["copy"] = (sequence, arguments) =>
        {
            arguments.Bind();
            return sequence;
        },
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
