using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Tokenization.Adapters;
using MLNet.Transformers.Tokenization.ChatTemplates;
using MLNet.Transformers.Tokenization.Formats;

namespace MLNet.Transformers.Tokenization;

/// <content>To and from tokenizers of Microsoft.ML.Tokenizers.</content>
public sealed partial class TextEncoder
{
    /// <summary>
    /// The tokenizer for chunkers and other code that takes a <see cref="Tokenizer"/>. Places are those of the original text, and no normalized text is
    /// given back. A limit on tokens never cuts a character in two. Without pre-tokenization texts are not cut into words, but what the pre-tokenizer
    /// writes, such as the byte alphabet, is written all the same; without normalization added tokens are looked for in the original text.
    /// </summary>
    /// <param name="addSpecialTokens">Whether the special tokens of the template count and are given; a text that is cut is without them.</param>
    public Tokenizer AsTokenizer(bool addSpecialTokens = false) => new EncoderTokenizer(this, addSpecialTokens);

    /// <summary>
    /// Uses any tokenizer as a checkpoint's. Its tokens are all of one word (<see cref="TokenEncoding.WordIds"/>). Where it normalizes texts, places in
    /// the original are worked out by comparing both. A model with it can be used and trained, but not be saved, since nothing is known to make it again:
    /// <see cref="Files"/> and all that saves throws then; see <see cref="FromTokenizerFactory"/>. One of <see cref="AsTokenizer"/> is its encoder again.
    /// </summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="options">What it leaves open; null: what it says itself.</param>
    /// <exception cref="ArgumentException">The tokenizer does not give its vocabulary, and the options do not say how large it is.</exception>
    public static TextEncoder FromTokenizer(Tokenizer tokenizer, TokenizerAdapterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer is EncoderTokenizer adapter)
        {
            return adapter.Encoder;
        }
        options ??= new TokenizerAdapterOptions();
        var files = new TokenizerFiles(Companions(options.Folder));
        TokenizerConfig config = TokenizerConfig.Read(files);
        TokenizerPipeline pipeline = AdapterPipeline.Make(tokenizer, options, config, NetworkConfig(options.Folder));
        return new TextEncoder(files, pipeline with
        {
            Unsaveable = $"The tokenizer, a {tokenizer.GetType().FullName}, cannot be saved, for nothing is known to make it again: give {nameof(TextEncoder)}.{nameof(FromTokenizerFactory)} an {nameof(ITokenizerFactory)} and its files.",
        }, config);
    }

    /// <summary>Uses a tokenizer that a class of yours makes from files, so that models with it can be saved: they hold the files and the name of the class.</summary>
    /// <param name="factory">Makes the tokenizer; a class with a public constructor without parameters.</param>
    /// <param name="files">What it makes it of, contents by name; names without folders.</param>
    /// <param name="options">What it leaves open; null: what it says itself.</param>
    /// <exception cref="ArgumentException">The tokenizer does not give its vocabulary, and the options do not say how large it is; or a name is not one.</exception>
    /// <exception cref="TokenizerException">The class cannot be found again by its name, or has no such constructor.</exception>
    public static TextEncoder FromTokenizerFactory(ITokenizerFactory factory, IReadOnlyDictionary<string, byte[]> files, TokenizerAdapterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(files);
        options ??= new TokenizerAdapterOptions();
        Dictionary<string, byte[]> all = Companions(options.Folder);
        foreach ((string name, byte[] content) in files)
        {
            all[name] = Path.GetFileName(name) == name && name.Length > 0 && name != AdapterFile.FileName
                ? content
                : throw new ArgumentException($"A file of the tokenizer is called '{name}'; expected a name without a folder, other than '{AdapterFile.FileName}'.", nameof(files));
        }
        TokenizerPipeline pipeline = AdapterPipeline.Make(factory.Create(files), options, TokenizerConfig.Read(new TokenizerFiles(all)), NetworkConfig(options.Folder));
        all[AdapterFile.FileName] = AdapterFile.Write(factory, files.Keys, AdapterPipeline.Resolved(options, pipeline));
        return FromFiles(all);
    }

    private static Dictionary<string, byte[]> Companions(string? folder) =>
        folder is null ? [] : ReadAll(folder, [.. TokenizerConfig.FileNames, .. ChatTemplateFiles.NamesIn(folder)]);

    private static JsonNode? NetworkConfig(string? folder) => folder is null ? null
        : new TokenizerFiles(ReadAll(folder, [AdapterPipeline.NetworkConfigFile]), name => Path.Combine(folder, name)).Json(AdapterPipeline.NetworkConfigFile);
}
