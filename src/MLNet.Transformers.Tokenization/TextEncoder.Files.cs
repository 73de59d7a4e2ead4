using MLNet.Transformers.Tokenization.Adapters;
using MLNet.Transformers.Tokenization.ChatTemplates;
using MLNet.Transformers.Tokenization.Formats;

namespace MLNet.Transformers.Tokenization;

/// <content>The files that a tokenizer is read from and written to.</content>
public sealed partial class TextEncoder
{
    /// <summary>The files that the tokenizer was read from, by name, as they were.</summary>
    /// <exception cref="InvalidOperationException">It is a <see cref="Microsoft.ML.Tokenizers.Tokenizer"/> that nothing is known to make again.</exception>
    public IReadOnlyDictionary<string, byte[]> Files => _pipeline.Unsaveable is { } reason ? throw new InvalidOperationException(reason) : _files.Contents;

    /// <summary>Reads the tokenizer of a checkpoint folder: tokenizer.json, else the model's own file, with tokenizer_config.json and its companions.</summary>
    /// <exception cref="TokenizerException">There is none, or a file is malformed.</exception>
    public static TextEncoder FromFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        IEnumerable<string> names = [AdapterFile.FileName, TokenizerJson.FileName, .. OwnFiles.Names, .. TokenizerConfig.FileNames, .. ChatTemplateFiles.NamesIn(folder)];
        Dictionary<string, byte[]> files = ReadAll(folder, names);
        foreach ((string name, byte[] content) in ReadAll(folder, AdapterFile.NamesOfParts(files)))
        {
            files[name] = content;
        }
        return Read(new TokenizerFiles(files, name => Path.Combine(folder, name)), $"The folder '{folder}' has no tokenizer");
    }

    /// <summary>Reads one tokenizer file: a tokenizer.json, a file of Tiktoken's ranks, a SentencePiece model by itself, or a vocab.txt of WordPiece pieces.</summary>
    /// <param name="path">
    /// The file; *.json is read as tokenizer.json, what begins as Tiktoken's ranks do as these, *.model else as a SentencePiece model without the rules
    /// of an architecture, anything else as vocab.txt.
    /// </param>
    /// <param name="settings">What the file leaves open.</param>
    /// <exception cref="TokenizerException">It is not there, or malformed.</exception>
    public static TextEncoder FromFile(string path, TokenizerSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string name = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? TokenizerJson.FileName : OwnFiles.NameOf(path);
        return FromFiles(new Dictionary<string, string> { [name] = path }, settings);
    }

    /// <summary>Reads byte-level BPE from its two files, whatever they are called: vocab.json and merges.txt, or encoder.json and vocab.bpe.</summary>
    /// <param name="vocabularyPath">The JSON file of pieces and ids.</param>
    /// <param name="mergesPath">The text file of merges, one a line.</param>
    /// <param name="settings">
    /// What the files leave open. Texts are enclosed as RoBERTa's are (<c>&lt;s&gt; … &lt;/s&gt;</c>) where the vocabulary has both tokens, else nothing
    /// is put around them, as GPT-2 does.
    /// </param>
    /// <exception cref="TokenizerException">One is not there, or malformed.</exception>
    public static TextEncoder FromVocabularyAndMerges(string vocabularyPath, string mergesPath, TokenizerSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(vocabularyPath);
        ArgumentException.ThrowIfNullOrWhiteSpace(mergesPath);
        return FromFiles(new Dictionary<string, string> { [VocabMerges.VocabularyName] = vocabularyPath, [VocabMerges.MergesName] = mergesPath }, settings);
    }

    /// <summary>Reads a tokenizer from the contents of its files.</summary>
    /// <param name="files">Contents by name, as <see cref="Files"/> gives them.</param>
    /// <exception cref="TokenizerException">No tokenizer is among them, or one is malformed.</exception>
    public static TextEncoder FromFiles(IReadOnlyDictionary<string, byte[]> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return Read(new TokenizerFiles(new Dictionary<string, byte[]>(files)), $"Among the files {string.Join(", ", files.Keys)} is no tokenizer");
    }

    /// <summary>Writes the files into a folder, each in one step.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <exception cref="InvalidOperationException">It is a <see cref="Microsoft.ML.Tokenizers.Tokenizer"/> that nothing is known to make again; nothing was written.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        IReadOnlyDictionary<string, byte[]> files = Files;
        Directory.CreateDirectory(folder);
        foreach ((string name, byte[] content) in files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream => stream.Write(content));
        }
    }

    private static TextEncoder FromFiles(Dictionary<string, string> paths, TokenizerSettings? settings)
    {
        string? missing = paths.Values.FirstOrDefault(path => !File.Exists(path));
        if (missing is not null)
        {
            throw new TokenizerException($"There is no tokenizer file '{missing}'.");
        }
        Dictionary<string, byte[]> files = paths.ToDictionary(item => item.Key, item => File.ReadAllBytes(item.Value));
        if (settings is not null)
        {
            files[TokenizerConfig.FileName] = settings.ToJson(files.ContainsKey(VocabTxt.FileName) ? "BertTokenizer" : null);
        }
        return Read(new TokenizerFiles(files, name => paths.GetValueOrDefault(name, name)), $"'{paths.Values.First()}' is no tokenizer");
    }

    private static Dictionary<string, byte[]> ReadAll(string folder, IEnumerable<string> names) => names.Where(name => File.Exists(Path.Combine(folder, name)))
        .ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(folder, name)));

    private static TextEncoder Read(TokenizerFiles files, string nothingThere)
    {
        TokenizerConfig config = TokenizerConfig.Read(files);
        if (files.Json(AdapterFile.FileName) is { } adapter)
        {
            return new TextEncoder(files, AdapterFile.Read(adapter, files, config), config);
        }
        TokenizerPipeline pipeline = files.Json(TokenizerJson.FileName) is { } json
            ? TokenizerJson.Read(json, config)
            : OwnFiles.Read(files, config)
                ?? throw new TokenizerException($"{nothingThere}: looked for '{TokenizerJson.FileName}', {OwnFiles.Description}.");
        return new TextEncoder(files, pipeline, config);
    }
}
