using System.Numerics;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Python's truth of a value: nothing, zero and what is empty are false.</summary>
internal static class Truth
{
    public static bool Of(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        BigInteger number => !number.IsZero,
        double number => number != 0,
        string text => text.Length > 0,
        SafeText safe => safe.Text.Length > 0,
        SequenceValue sequence => sequence.Items.Count > 0,
        ViewValue view => view.Items.Count > 0,
        DictValue dict => dict.Count > 0,
        LoopValue loop => loop.Length > 0,
        _ => true,
    };
}
