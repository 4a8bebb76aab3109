/**
 * The consent receipt: the fields of ISO/IEC TS 27560 as DPV 2.3 JSON-LD, arranged as in the DPV guide consent-27560
 * (https://w3id.org/dpv/guides/consent-27560), with arrays wherever a term can stand more than once.
 */
import { type ConsentState, type DriveInfo, type Purpose } from '../../feedback/schema/index.ts';
import { type ConsentRow } from './give.ts';

const CONTEXT = {
  dpv: 'https://w3id.org/dpv#',
  pd: 'https://w3id.org/dpv/pd#',
  dct: 'http://purl.org/dc/terms/',
  schema: 'https://schema.org/',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  attune: 'urn:attune:',
} as const;

/** What each purpose is in DPV's words, and which data it is about. */
const PURPOSE_TERMS: Record<Purpose, { broader: string; data: string[]; recipients: string[] }> = {
  evaluate: { broader: 'dpv:ResearchAndDevelopment', data: ['pd:Opinion', 'dpv:CollectedPersonalData'], recipients: ['dpv:DataController'] },
  train: { broader: 'dpv:ResearchAndDevelopment', data: ['pd:Opinion', 'dpv:CollectedPersonalData'], recipients: ['dpv:DataController'] },
  'publish-labels': { broader: 'dpv:PublicBenefit', data: ['pd:Opinion'], recipients: ['dpv:DataController', 'dpv:Public'] },
  'publish-text': { broader: 'dpv:PublicBenefit', data: ['pd:Opinion', 'dpv:CollectedPersonalData'], recipients: ['dpv:DataController', 'dpv:Public'] },
  demographics: { broader: 'dpv:ResearchAndDevelopment', data: ['pd:AgeRange', 'pd:Gender', 'pd:Location'], recipients: ['dpv:DataController'] },
  contact: { broader: 'dpv:CommunicationManagement', data: ['pd:Contact'], recipients: ['dpv:DataController'] },
};

/**
 * @param drive as it is now, with the controller's name, address and contact
 * @param notice the exact text that was shown is at this address under its hash
 */
export function consentReceipt(consent: ConsentRow, events: readonly { state: ConsentState; at: Date }[], drive: Omit<DriveInfo, 'state' | 'logKey'>, baseUrl: string) {
  const controller = {
    '@id': `attune:controller:${drive.id}`,
    '@type': ['dpv:DataController'],
    'dpv:hasName': drive.controller.name,
    'dpv:hasAddress': drive.controller.address,
    'dpv:hasContact': drive.controller.contact,
  };
  const days = `P${drive.retentionDays}D`;
  return {
    '@context': CONTEXT,
    '@id': `attune:consent-receipt:${consent.consent_id}`,
    '@type': 'dpv:ConsentReceipt' as const,
    'dct:identifier': `receipt-${consent.consent_id}`,
    'dct:conformsTo': 'https://w3id.org/dpv/schema/dpv-27560#receipt',
    'dct:created': consent.given_at.toISOString(),
    'dct:publisher': controller['@id'],
    'schema:recipient': 'dpv:DataSubject',
    'dpv:hasRecordOfActivity': {
      '@id': `urn:uuid:${consent.consent_id}`,
      '@type': 'dpv:ConsentRecord',
      'dct:identifier': consent.consent_id,
      'dct:conformsTo': 'https://w3id.org/dpv/schema/dpv-27560#record',
      'dpv:hasDataSubject': { '@id': `urn:uuid:${consent.participant}`, 'skos:broader': 'dpv:Participant' },
      'dpv:hasDataController': [controller],
      'dpv:hasJurisdiction': [drive.controller.jurisdiction],
      'dpv:hasLegalBasis': ['dpv:ExpressedConsent'],
      'dpv:hasProcess': consent.purposes.map((purpose) => ({
        '@id': `attune:purpose:${purpose}`,
        '@type': 'dpv:Process',
        'dct:title': purpose,
        'dpv:hasPurpose': [{ '@id': `attune:purpose:${purpose}`, 'skos:broader': PURPOSE_TERMS[purpose].broader }],
        'dpv:hasPersonalData': PURPOSE_TERMS[purpose].data,
        'dpv:hasRecipient': PURPOSE_TERMS[purpose].recipients,
        'dpv:hasProcessing': ['dpv:Collect', 'dpv:Store', 'dpv:Use'],
        'dpv:hasDataSource': ['dpv:DataSubject'],
        'dpv:hasStorageCondition': [
          { '@type': 'dpv:StorageLocation', 'dpv:hasLocation': drive.storageLocation },
          { '@type': 'dpv:StorageDuration', 'dpv:hasDuration': days },
        ],
      })),
      'dpv:hasConsentControl': [{ '@type': ['dpv:ProvideConsent', 'dpv:WithdrawConsent'], 'dpv:isExercisedAt': `${baseUrl}/goodbye` }],
      'dpv:hasRight': [{ '@type': ['dpv:DataSubjectRight'], 'dct:title': 'Withdraw consent at any time, one item or everything', 'dpv:isExercisedAt': `${baseUrl}/goodbye` }],
      'dpv:hasNotice': [
        {
          '@id': `${baseUrl}/v1/drives/${drive.id}/notices/${consent.notice_sha256}`,
          '@type': 'dpv:ConsentNotice',
          'dct:identifier': consent.notice_sha256,
          ...(consent.request === null ? {} : { 'dct:hasVersion': consent.request.notice.version, 'dct:language': consent.request.notice.language }),
          'dct:coverage': `${consent.given_at.toISOString()}/${days}`,
        },
      ],
      'dpv:hasConsentStatus': events.map(({ state, at }) => ({ '@type': [`dpv:${state}`, 'dpv:ExpressedConsent'], 'dpv:isIndicatedBy': 'dpv:DataSubject', 'dpv:hasIndicationMethod': 'Tick boxes in the extension, under the notice', 'dpv:isIndicatedAtTime': at.toISOString() })),
    },
  };
}
