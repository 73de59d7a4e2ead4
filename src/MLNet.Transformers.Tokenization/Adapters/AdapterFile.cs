using System.Text.Json;
using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Tokenization.Formats;

namespace MLNet.Transformers.Tokenization.Adapters;

/// <summary>tokenizer_factory.json, our own: the class that makes a tokenizer again, the files that it makes it of, and what was set beside it.</summary>
internal static class AdapterFile
{
    public const string FileName = "tokenizer_factory.json";

    /// <summary>The content of the file.</summary>
    public static byte[] Write(ITokenizerFactory factory, IEnumerable<string> files, TokenizerAdapterOptions options)
    {
        Type type = factory.GetType();
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            factory = $"{type.FullName}, {type.Assembly.GetName().Name}", files, options,
        });
    }

    /// <summary>The names of the files that the tokenizer is made of, where the file is among those of a folder.</summary>
    public static IEnumerable<string> NamesOfParts(IReadOnlyDictionary<string, byte[]> files) => files.TryGetValue(FileName, out byte[]? content)
        ? NamesOfParts(JsonNode.Parse(content, FileName)).Where(name => Path.GetFileName(name) == name)
        : [];

    /// <summary>Makes the tokenizer that the file describes.</summary>
    /// <exception cref="TokenizerException">The class is not there, or is none that makes tokenizers.</exception>
    public static TokenizerPipeline Read(JsonNode file, TokenizerFiles files, TokenizerConfig config)
    {
        string name = file.Require("factory").Text;
        Type? type = Type.GetType(name, throwOnError: false);
        // A file must not choose any class it likes.
        if (type is null || !typeof(ITokenizerFactory).IsAssignableFrom(type) || type.GetConstructor(Type.EmptyTypes) is null)
        {
            throw new TokenizerException(
                $"'{file.File}': 'factory' is '{name}', which is not a class here that implements {nameof(ITokenizerFactory)} and has a public constructor without parameters; reference the assembly that has it.");
        }
        var factory = (ITokenizerFactory)Activator.CreateInstance(type)!;
        TokenizerAdapterOptions options = ReadOptions(file.Require("options"));
        Tokenizer tokenizer = factory.Create(NamesOfParts(file).Distinct().ToDictionary(
            part => part, part => files.Get(part) ?? throw new TokenizerException($"'{file.File}' lists the file '{part}', which is missing.")));
        try
        {
            return AdapterPipeline.Make(tokenizer, options, config, network: null);
        }
        catch (ArgumentException error)
        {
            throw new TokenizerException($"'{file.File}': 'options': {error.Message}", error);
        }
    }

    private static TokenizerAdapterOptions ReadOptions(JsonNode node)
    {
        try
        {
            return node.Element.Deserialize<TokenizerAdapterOptions>()!;
        }
        catch (JsonException error)
        {
            throw new TokenizerException($"'{node.File}': '{node.Place}{error.Path?[1..]}' does not fit {nameof(TokenizerAdapterOptions)}: {error.Message}", error);
        }
    }

    private static IEnumerable<string> NamesOfParts(JsonNode file) => file.Require("files").Items.Select(item => item.Text);
}
