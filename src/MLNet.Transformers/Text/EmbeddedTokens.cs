using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Text;

/// <summary>Refuses tokens for which a network has no row: published tokenizers sometimes know tokens that their network was never given.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="config">The network's config.</param>
internal sealed class EmbeddedTokens(TextEncoder tokenizer, ModelConfig config)
{
    private readonly bool _all = tokenizer.MaxId < config.VocabularySize;

    /// <exception cref="ArgumentException">The network has no row for one of the ids.</exception>
    public int[] Check(int[] ids)
    {
        if (!_all && Array.FindIndex(ids, id => id >= config.VocabularySize) is var at and >= 0)
        {
            throw new ArgumentException(
                $"The token '{tokenizer.IdToToken(ids[at])}' has the id {ids[at]}, but the network's embedding table has {config.VocabularySize} rows ('vocab_size'): "
                + "the tokenizer knows more tokens than the network. Leave it out of the text.");
        }
        return ids;
    }
}
