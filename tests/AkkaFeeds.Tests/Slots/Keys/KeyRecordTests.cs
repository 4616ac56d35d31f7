using System.Buffers;
using AkkaFeeds.Contracts;
using AkkaFeeds.Slots.Keys;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Slots.Keys;

public class KeyRecordTests
{
    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.String[Gen.Char["aAb é\u4e2d/%"], 0, 12], Gen.OneOf("ATL", "ATLé", "\ud83d\ude00", "__proto__"));

    [Fact]
    public void A_record_holds_what_was_written_and_is_of_its_own_key_only() =>
        Gen.Select(Names, Names, Names, Gen.Long, Gen.Byte.Array[0, 40]).Sample((tenant, key, other, since, state) =>
    {
        var name = new KeyName(tenant, key);
        var bytes = KeyRecord.Of(name, since, state);
        var writer = new ArrayBufferWriter<byte>();
        KeyRecord.Write(writer, name, since, state);
        Assert.Equal(bytes, writer.WrittenSpan);

        var record = KeyRecord.Read(bytes);
        Assert.Equal(bytes.Length, record.Length);
        Assert.Equal(name, record.ToName());
        Assert.Equal(since, record.QuarantinedSince);
        Assert.Equal(state, record.State);
        Assert.True(record.IsOf(name));
        Assert.Equal(other == key, record.IsOf(new KeyName(tenant, other)));
        Assert.Equal(other == tenant, record.IsOf(new KeyName(other, key)));
        Assert.Equal(name.Hash, KeyName.HashOf(record.Tenant, record.Key));

        KeyRecord.SetQuarantinedSince(bytes, 7);
        Assert.Equal(KeyRecord.Of(name, 7, state), bytes);
    });

    [Fact]
    public void Bytes_that_end_inside_a_key_are_refused()
    {
        var bytes = KeyRecord.Of(new KeyName("t", "key"), 1, [1, 2, 3]);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => KeyRecord.Read(bytes.AsSpan(0, length)).Length);
        }
    }
}
