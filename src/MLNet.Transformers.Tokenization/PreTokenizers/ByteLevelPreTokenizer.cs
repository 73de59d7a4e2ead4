using MLNet.Transformers.Tokenization.Normalizers;

namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>Cuts into the words of GPT-2 and writes them in the byte alphabet (tokenizers: pre_tokenizers/byte_level.rs).</summary>
/// <param name="AddPrefixSpace">Whether a text that does not begin with a blank gets one.</param>
/// <param name="UseRegex">Whether texts are cut; where not, another pre-tokenizer did.</param>
internal sealed record ByteLevelPreTokenizer(bool AddPrefixSpace, bool UseRegex) : IPreTokenizer
{
    private static readonly PrependNormalizer _blank = new(" ");

    public IPreTokenizer? WithoutCuts => this with { UseRegex = false };

    public void Split(TextSlice text, List<TextSlice> words) => Split([text], words);

    public void Split(List<TextSlice> texts, List<TextSlice> words)
    {
        List<TextSlice> cut = AddPrefixSpace || UseRegex ? new List<TextSlice>(texts.Count) : texts;
        if (AddPrefixSpace || UseRegex)
        {
            foreach (TextSlice text in texts)
            {
                TextSlice prefixed = AddPrefixSpace && text.Span is [not ' ', ..] ? _blank.Normalize(text.Alone()).Whole : text;
                if (UseRegex)
                {
                    Gpt2Words.Split(prefixed, cut);
                }
                else
                {
                    cut.Add(prefixed);
                }
            }
        }
        ByteLevelText.Write(cut, words);
    }
}
