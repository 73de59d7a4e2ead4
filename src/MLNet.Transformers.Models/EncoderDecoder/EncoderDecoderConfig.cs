using System.Text.Json.Nodes;
using MLNet.Transformers.Models.Bert;

namespace MLNet.Transformers.Models.EncoderDecoder;

/// <summary>
/// The config.json of an encoder-decoder that is made of two BERTs (Rothe et al. 2020; reference: configuration_encoder_decoder.py). The encoder may
/// be a RoBERTa.
/// </summary>
public sealed record EncoderDecoderConfig : ModelConfig
{
    internal const string Type = "encoder-decoder";

    /// <inheritdoc/>
    public override string ModelType => Type;

    /// <summary>The half that reads the source (<c>encoder</c>).</summary>
    public BertConfig Encoder { get; init; } = new();

    /// <summary>The half that writes the target (<c>decoder</c>): its tokens see what stands before them, and the source.</summary>
    public BertConfig Decoder { get; init; } = new();

    /// <summary>Width of the decoder's vectors.</summary>
    public override int HiddenSize { get => Decoder.HiddenSize; init => Decoder = Decoder with { HiddenSize = value }; }

    /// <summary>Rows of the decoder's token embedding.</summary>
    public override int VocabularySize { get => Decoder.VocabularySize; init => Decoder = Decoder with { VocabularySize = value }; }

    /// <summary>Standard deviation of freshly initialised weights, the decoder's.</summary>
    public override double InitializerRange { get => Decoder.InitializerRange; init => Decoder = Decoder with { InitializerRange = value }; }

    /// <summary>The id that the decoder's input begins with (<c>decoder_start_token_id</c>); by default [CLS] of bert-base-uncased.</summary>
    public int StartId { get; init; } = 101;

    /// <summary>The id that ends a target (<c>eos_token_id</c>), or null; by default [SEP] of bert-base-uncased.</summary>
    public int? EndId { get; init; } = 102;

    /// <inheritdoc/>
    public override int? DecoderStartId => StartId;

    /// <summary>Most tokens of a source and of a target: the smaller of the halves' limits.</summary>
    public override int? MaxTokens => Math.Min(Encoder.MaxTokens!.Value, Decoder.MaxTokens!.Value);

    /// <summary>Whether the encoder tells two texts apart by segment ids.</summary>
    public override bool HasSegments => Encoder.HasSegments;

    internal override double Parameters => Encoder.Parameters + Decoder.Parameters;

    internal override string Sizes() => $"of the encoder {Encoder.Sizes()}; of the decoder {Decoder.Sizes()}";

    private protected override EncoderDecoderConfig Exchange(ConfigKeys keys)
    {
        keys.Only("tie_encoder_decoder", false, "halves that share their weights are not supported");
        EncoderDecoderConfig config = keys.Writes ? WriteHalves(keys.Json.Json) : ReadHalves(keys.Json);
        keys.IdsLieIn("the decoder's 'vocab_size'", config.VocabularySize);
        return config with
        {
            PaddingId = keys.Id("pad_token_id", config.PaddingId),
            StartId = keys.IdOrNull("decoder_start_token_id", keys.Writes ? StartId : null) ?? keys.IdOrNull("bos_token_id", null)
                ?? throw keys.Json.InvalidValue("decoder_start_token_id", "the id that the decoder's input begins with"),
            EndId = keys.Ends(config.EndId) is [int only] ? only : null,
        };
    }

    private EncoderDecoderConfig ReadHalves(ConfigJson json)
    {
        const string Half = "an object: the config of that half";
        BertConfig decoder = ReadDecoder(json.Section("decoder", Half));
        return this with { Encoder = BertConfig.ReadEncoder(json.Section("encoder", Half)), Decoder = decoder, PaddingId = decoder.PaddingId, EndId = null };
    }

    private EncoderDecoderConfig WriteHalves(JsonObject json)
    {
        JsonObject decoder = Decoder.Written("BertLMHeadModel");
        decoder["is_decoder"] = true;
        decoder["add_cross_attention"] = true;
        json["encoder"] = Encoder.Written("BertModel");
        json["decoder"] = decoder;
        json["is_encoder_decoder"] = true;
        json["vocab_size"] = VocabularySize;
        return this;
    }

    private static BertConfig ReadDecoder(ConfigJson json)
    {
        if (json.StringOrNull("model_type") != BertConfig.Type)
        {
            throw json.InvalidValue("model_type", $"'{BertConfig.Type}', which decoders must be");
        }
        foreach (string key in (string[])["is_decoder", "add_cross_attention"])
        {
            if (!json.Bool(key, false))
            {
                throw json.InvalidValue(key, "true: the decoder of an encoder-decoder");
            }
            // The rest is a BERT's.
            json.Json.Remove(key);
        }
        if (json.Has("cross_attention_hidden_size"))
        {
            throw json.InvalidValue("cross_attention_hidden_size", "null: the encoder's vectors are projected to the decoder's width");
        }
        return (BertConfig)ArchitectureRegistry.Find(json).ReadConfig(json);
    }
}
