namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>The tokenizer files of models that came before tokenizer.json, by name: each kind with its reader.</summary>
internal static class OwnFiles
{
    // Enough to tell what a file is.
    private const int HeadLength = 512;

    private static readonly Func<TokenizerFiles, TokenizerConfig, TokenizerPipeline?>[] _readers =
    [
        (files, config) => files.Get(VocabTxt.FileName) is { } vocabulary ? VocabTxt.Read(vocabulary, files.Label(VocabTxt.FileName), config) : null,
        VocabMerges.Read,
        (files, config) => files.Get(Tiktoken.FileName) is { } ranks && Tiktoken.IsRanks(ranks) ? Tiktoken.Read(ranks, files.Label(Tiktoken.FileName), config) : null,
        SentencePieceFiles.Read,
    ];

    public static IReadOnlyList<string> Names { get; } = [.. ((string[])[VocabTxt.FileName, .. VocabMerges.FileNames, Tiktoken.FileName, .. SentencePieceFiles.FileNames]).Distinct()];

    /// <summary>What is looked for, for errors.</summary>
    public static string Description =>
        $"'{VocabTxt.FileName}', '{VocabMerges.VocabularyName}' with '{VocabMerges.MergesName}', Tiktoken's ranks in '{Tiktoken.FileName}', and SentencePiece's models "
        + $"'{string.Join("', '", SentencePieceFiles.FileNames)}'";

    /// <summary>The tokenizer; null where no file is there.</summary>
    public static TokenizerPipeline? Read(TokenizerFiles files, TokenizerConfig config) =>
        _readers.Select(read => read(files, config)).FirstOrDefault(pipeline => pipeline is not null);

    /// <summary>The name under which a file of any name is read, by how it begins.</summary>
    public static string NameOf(string path)
    {
        if (!File.Exists(path))
        {
            return VocabTxt.FileName;
        }
        using FileStream file = File.OpenRead(path);
        var head = new byte[HeadLength];
        return Tiktoken.IsRanks(TokenizerFiles.WithoutMark(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)])) ? Tiktoken.FileName
            : Path.GetExtension(path).Equals(".model", StringComparison.OrdinalIgnoreCase) ? SentencePieceFiles.ModelAlone
            : VocabTxt.FileName;
    }
}
