using System.Globalization;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Text;

/// <summary>T5's tokens for what is missing in a text: the first, the second, and so on (Raffel et al. 2020, §3.1.4).</summary>
internal static class Sentinels
{
    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"<extra_id_{number}>");

    /// <summary>Their ids, in their order, as far as the network has rows for them; none where the tokenizer has none.</summary>
    public static int[] Of(TextEncoder tokenizer, ModelConfig config) =>
        [.. Enumerable.Range(0, int.MaxValue).Select(number => tokenizer.TokenToId(Name(number))).TakeWhile(id => id < config.VocabularySize).OfType<int>()];
}
