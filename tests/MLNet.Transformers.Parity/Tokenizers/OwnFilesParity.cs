using System.Text.Json;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Parity.Tokenizers;

/// <summary>
/// Checks a tokenizer that was made from a SentencePiece model and the files beside it. Where it differs from tokenizer.json's, the fixture has the
/// keys <c>slow_*</c>; it knows no offsets or words, and what it decodes is given without special tokens only.
/// </summary>
internal sealed class OwnFilesParity(TextEncoder tokenizer, string source, Report report)
{
    private static readonly EncodeOptions _plain = new() { AddSpecialTokens = false };

    public void Run(JsonElement expected)
    {
        if (expected.TryGetProperty("len", out JsonElement count))
        {
            report.Equal($"{source}: number of tokens", tokenizer.VocabularySize, count.GetInt32());
        }
        foreach (JsonElement item in expected.Items("encode"))
        {
            CheckText(item);
        }
        foreach (JsonElement item in expected.Items("pairs"))
        {
            CheckPair(item);
        }
        foreach (JsonElement item in expected.Items("truncation"))
        {
            var options = new EncodeOptions { MaxTokens = item.GetProperty("max_length").GetInt32(), Truncation = TokenizerParity.Strategy(item.Text("strategy")!) };
            report.SequenceEqual($"{source}: truncation {item.Text("strategy")}",
                tokenizer.Encode(item.Text("text"), item.Text("pair"), options).Ids, item.GetProperty("ids").Ints());
        }
        CheckBatch(expected, "batch_pad_right", Side.Right);
        CheckBatch(expected, "batch_pad_left", Side.Left);
    }

    private void CheckText(JsonElement item)
    {
        string text = item.Text("text")!;
        string name = $"{source}: {TokenizerParity.Short(text)}";
        bool differs = item.TryGetProperty("slow_ids", out JsonElement slow);
        int[] ids = (differs ? slow : item.GetProperty("ids")).Ints();
        TokenEncoding ours = tokenizer.Encode(text);
        report.SequenceEqual($"{name}: ids", ours.Ids, ids);
        report.Equal($"{name}: decoded without special tokens",
            tokenizer.Decode(ids, skipSpecialTokens: true, cleanUp: false), item.Text("slow_decoded_skip_special") ?? item.Text("decoded_skip_special"));
        report.Equal($"{name}: places", ours.Offsets.All(span => span.Start <= span.End && span.End <= text.Length), true);
        if (!differs)
        {
            report.SequenceEqual($"{name}: ids without special tokens", tokenizer.Encode(text, null, _plain).Ids, item.GetProperty("ids_no_special").Ints());
            report.SequenceEqual($"{name}: tokens", ours.Tokens, item.Items("tokens").Select(token => token.GetString()!));
            report.SequenceEqual($"{name}: special tokens", ours.SpecialTokensMask, item.GetProperty("special_tokens_mask").Ints());
        }
    }

    private void CheckPair(JsonElement item)
    {
        string name = $"{source}: pair {TokenizerParity.Short(item.Text("text")!)}";
        TokenEncoding ours = tokenizer.Encode(item.Text("text"), item.Text("pair"));
        bool differs = item.TryGetProperty("slow_ids", out JsonElement slow);
        report.SequenceEqual($"{name}: ids", ours.Ids, (differs ? slow : item.GetProperty("ids")).Ints());
        if (!differs)
        {
            report.SequenceEqual($"{name}: texts", ours.SequenceIds, TokenizerParity.Optional(item.GetProperty("sequence_ids")));
        }
    }

    private void CheckBatch(JsonElement expected, string key, Side side)
    {
        if (expected.TryGetProperty(key, out JsonElement item))
        {
            var options = new EncodeOptions { MaxTokens = item.GetProperty("max_length").GetInt32() };
            TokenEncoding[] encodings = [.. item.Items("texts").Select(text => tokenizer.Encode(text.GetString(), null, options))];
            report.SequenceEqual($"{source}: {key}: ids",
                tokenizer.PadBatch(encodings, null, side).Ids.SelectMany(row => row), item.Items("input_ids").SelectMany(row => row.Ints()));
        }
    }
}
