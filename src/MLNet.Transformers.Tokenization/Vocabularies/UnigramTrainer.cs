using MLNet.Transformers.Tokenization.PieceModels;
using MLNet.Transformers.Tokenization.SentencePiece;
using MLNet.Transformers.Tokenization.Vocabularies;

namespace MLNet.Transformers.Tokenization;

/// <summary>
/// Makes a Unigram vocabulary, as T5 has one: of all frequent stretches of words those are kept by which the texts are most probable (Kudo 2018, §3.2;
/// sentencepiece: unigram_model_trainer.cc; tokenizers: models/unigram/trainer.rs). A piece does not go over the beginning of a word, and has letters,
/// digits or other characters, not several of these.
/// </summary>
public static class UnigramTrainer
{
    /// <summary>Trains a vocabulary. The same texts in any order, on any number of cores, give the same vocabulary.</summary>
    /// <param name="texts">The texts, read once; null counts as empty. What is kept of them is their distinct words.</param>
    /// <param name="size">Most tokens, special ones included; fewer where the texts have not so many pieces.</param>
    /// <param name="options">Null: a vocabulary with T5's special tokens.</param>
    /// <returns>
    /// The tokenizer; <see cref="TextEncoder.Save"/> writes its tokenizer.json, and its pieces as a SentencePiece model (spiece.model for T5's special
    /// tokens, tokenizer.model for LLaMA's), which the reference implementation opens.
    /// </returns>
    /// <exception cref="ArgumentException">There is no text, the size has no room for the characters and special tokens, or these contradict each other.</exception>
    public static TextEncoder Train(IEnumerable<string?> texts, int size, UnigramVocabularyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new UnigramVocabularyOptions();
        options.Check();
        SpecialTokens special = options.SpecialTokens;
        PipelineJson pipeline = UnigramPipeline.Of(options);
        (string Word, long Count)[] words = WordCounts.Of(texts, pipeline, KindPreTokenizer.Instance);
        if (words.Length == 0)
        {
            throw VocabularyOptions.NoWord();
        }
        CoveredWords covered = CoveredWords.Of(words, options.CharacterCoverage);
        string[] bytes = options.ByteFallback ? [.. Enumerable.Range(0, 256).Select(BytePieces.Name)] : [];
        options.CheckSize(size, covered.Characters.Count + bytes.Length, options.ByteFallback
            ? "characters of the texts and bytes"
            : $"characters of the texts ({nameof(UnigramVocabularyOptions.CharacterCoverage)} leaves out rare ones)");
        var estimation = new UnigramEstimation(covered, options, size - special.All.Count() - bytes.Length);
        SentencePieceEntry[] pieces =
        [
            .. special.First.Select(token => new SentencePieceEntry(token, 0, token == special.Roles["unk_token"] ? PieceType.Unknown : PieceType.Control)),
            .. bytes.Select(name => new SentencePieceEntry(name, 0, PieceType.Byte)),
            .. estimation.Run().Select(piece => new SentencePieceEntry(piece.Text, (float)piece.Score, PieceType.Normal)),
        ];
        var json = new
        {
            type = "Unigram", unk_id = Array.FindIndex(pieces, piece => piece.Type == PieceType.Unknown),
            vocab = pieces.Select(piece => new object[] { piece.Text, (double)piece.Score }), byte_fallback = options.ByteFallback,
        };
        byte[] model = SentencePieceModelWriter.Write(pieces, special.Roles, UnigramPipeline.Rules(options), removesBlanks: !options.KeepsBlanks);
        return new VocabularyFiles(special, pipeline, pieces.Length).Open(
            json, new Dictionary<string, byte[]> { [special.ModelFile] = model },
            new Dictionary<string, object> { ["extra_ids"] = special.Last.Count(token => token.StartsWith("<extra_id_", StringComparison.Ordinal)) });
    }
}
